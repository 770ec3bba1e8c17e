package import WeightSimilarity

/// The pairs of a scan, each with its verdict: a collection of ``ScanPair``s that are created on access.
///
/// Memory: 84 bytes a pair, so that two million are 170 MB. Verdicts are brief; a comparison of the pair gives the reason and the
/// evidence.
package struct ScanPairs: Sendable, RandomAccessCollection, Equatable {
  /// Ids of models. The pairs hold indices into it.
  package let ids: [String]
  private let candidates: [Int32]
  private let foundations: [Int32]
  /// The index of each pair's verdict.
  private let numbers: [Int32]
  private let verdicts: VerdictTable

  /// Keeps the indices of `places` that have a verdict in `verdicts` and pass `isIncluded`. `places` has, for each pair, the
  /// indices of the candidate and the foundation in `ids`.
  package init(
    ids: [String], places: [(candidate: Int, foundation: Int)], verdicts: VerdictTable,
    isIncluded: (Int) -> Bool = { _ in true }
  ) {
    self.ids = ids
    self.verdicts = verdicts
    let kept = places.indices.filter { verdicts.relation($0) != nil && isIncluded($0) }
    numbers = kept.map { Int32($0) }
    candidates = kept.map { Int32(places[$0].candidate) }
    foundations = kept.map { Int32(places[$0].foundation) }
  }

  /// Some pairs as a list.
  package init(_ pairs: [ScanPair]) {
    var places: [ModelID: Int] = [:]
    var ids: [String] = []
    func place(_ id: String) -> Int {
      if let known = places[ModelID(id)] { return known }
      places[ModelID(id)] = ids.count
      ids.append(id)
      return ids.count - 1
    }
    var verdicts = VerdictTable(count: pairs.count)
    let both = pairs.enumerated().map { number, pair in
      verdicts[number] = pair.verdict
      return (candidate: place(pair.candidate), foundation: place(pair.foundation))
    }
    self.init(ids: ids, places: both, verdicts: verdicts)
  }

  /// Always 0.
  package var startIndex: Int { 0 }
  /// The number of pairs.
  package var endIndex: Int { numbers.count }

  /// A pair with the ids of its models. O(1).
  package subscript(index: Int) -> ScanPair {
    guard let verdict = verdicts[Int(numbers[index])] else { preconditionFailure("pairs have verdicts") }
    return ScanPair(candidate: ids[candidate(index)], foundation: ids[foundation(index)], verdict: verdict)
  }

  /// The candidate's index in `ids`. O(1).
  package func candidate(_ index: Int) -> Int { Int(candidates[index]) }
  /// The foundation's index in `ids`. O(1).
  package func foundation(_ index: Int) -> Int { Int(foundations[index]) }
  /// The relation alone. O(1).
  package func relation(_ index: Int) -> Relation { verdicts.relation(Int(numbers[index])) ?? .insufficient }
  /// The score alone. O(1).
  package func score(_ index: Int) -> Double { verdicts.score(Int(numbers[index])) }
  /// The closeness alone. O(1).
  package func closeness(_ index: Int) -> Closeness? { verdicts.closeness(Int(numbers[index])) }

  /// Whether masks were undone. O(1).
  func isMasked(_ index: Int) -> Bool { verdicts.isMasked(Int(numbers[index])) }

  /// Indices of the pairs in reading order: related ones first, the nearest at the top, then the others by score; ties by name.
  /// O(pairs · log pairs).
  package var ranked: [Int] {
    let byName = ids.indices.sorted { ModelID(ids[$0]) < ModelID(ids[$1]) }
    var ranks = [Int](repeating: 0, count: ids.count)
    for (rank, place) in byName.enumerated() { ranks[place] = rank }
    let keys = indices.map { index -> (Double, Double, Int, Int) in
      let relation = relation(index)
      // Identical models come before nearly identical ones.
      let near = relation == .identical ? 2 : relation.isKinship ? closeness(index)?.toCandidate ?? 0 : -1
      return (near, score(index), ranks[candidate(index)], ranks[foundation(index)])
    }
    return indices.sorted { a, b in
      let (x, y) = (keys[a], keys[b])
      return (y.0, y.1, x.2, x.3) < (x.0, x.1, y.2, y.3)
    }
  }

  /// Equal if they have equal pairs in the same order.
  package static func == (a: ScanPairs, b: ScanPairs) -> Bool { a.elementsEqual(b) }
}
