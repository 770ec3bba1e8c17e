import WeightSimilarity

/// The models that a candidate is closest to.
package struct NearestFoundation: Sendable, Equatable {
  /// A model and how close it is.
  package struct Kin: Sendable, Equatable {
    /// Its id.
    package let model: String
    /// `Closeness` as seen from the candidate.
    package let closeness: Double
    /// Others that are identical to it.
    package let copies: [String]
  }

  /// The id of the candidate.
  package let candidate: String
  /// Models that are identical to it.
  package let copies: [String]
  /// The closest related model that differs from it; nil if all are copies.
  package let nearest: Kin?
  /// The next model that differs from the closest; nil if there is none.
  package let runnerUp: Kin?

  /// The closeness of the nearest minus that of the runner-up; nil without a runner-up.
  package var gap: Double? { nearest.flatMap { nearest in runnerUp.map { nearest.closeness - $0.closeness } } }
}

extension ScanFindings {
  /// For each candidate that has related models: its copies, the closest and the next, by id. Pairs in both directions are used
  /// if no foundations were named.
  ///
  /// Closeness does not show which of two models descends from the other. Other facts that do are used first. A mixture is no
  /// foundation of its parents; its foundations are its parents. A model that is quantised, has experts or is an adapter on a
  /// base is no foundation of one that is not. Training keeps the coordinates: related models in the candidate's coordinates,
  /// sharing half of its energy, come before those whose masks were undone. If no model is left, all count. O(pairs · log pairs).
  package var nearest: [NearestFoundation] {
    let isFoundation = Set(foundations)
    let readable = models.filter { $0.error == nil }.map(\.id)
    let isNamed = foundations.count < readable.count
    let (kin, copies) = kinByPlace(isBothWays: !isNamed)
    let forms = Dictionary(models.map { ($0.id, $0.forms) }, uniquingKeysWith: { first, _ in first })
    let places = Dictionary(pairs.ids.enumerated().map { (ModelID($1), $0) }, uniquingKeysWith: { first, _ in first })
    let (parents, children) = mixedByPlace(places, copies)
    return readable.compactMap { id -> NearestFoundation? in
      guard !isNamed || !isFoundation.contains(id), let place = places[ModelID(id)], let found = kin[place] else { return nil }
      let others = found.filter { other in
        copies[other.place] != copies[place] && !(children[copies[place]] ?? []).contains(copies[other.place])
      }
      let own = forms[id] ?? []
      let near = Self.preferring(
        [
          { (parents[copies[place]] ?? []).contains(copies[$0.place]) },
          { own.isSuperset(of: forms[pairs.ids[$0.place]] ?? []) },
        ], among: others)
      let isInPlace = near.contains { !$0.isMasked && TensorSimilarity.isInPlace(cosine: $0.closeness) }
      let chosen = isInPlace ? near.filter { !$0.isMasked } : near
      let ranked = Self.ranked(chosen, pairs.ids)
      let runnerUp = ranked.first { copies[$0.place] != copies[ranked[0].place] }
      let same = { (place: Int) in
        copies.indices.filter { $0 != place && copies[$0] == copies[place] && (!isNamed || isFoundation.contains(pairs.ids[$0])) }
          .map { ModelID(pairs.ids[$0]) }.sorted().map(\.name)
      }
      let named = { (kin: Kin) in
        NearestFoundation.Kin(model: pairs.ids[kin.place], closeness: kin.closeness, copies: same(kin.place))
      }
      return NearestFoundation(
        candidate: id, copies: same(place), nearest: ranked.first.map(named), runnerUp: runnerUp.map(named))
    }
  }

  private struct Kin {
    var place: Int
    var closeness: Double
    var score: Double
    var isMasked: Bool
  }

  /// Applies the rules in turn. Each keeps the models that pass it, unless none passes.
  private static func preferring(_ rules: [(Kin) -> Bool], among kin: [Kin]) -> [Kin] {
    rules.reduce(kin) { kin, rule in
      let kept = kin.filter(rule)
      return kept.isEmpty ? kin : kept
    }
  }

  private static func ranked(_ kin: [Kin], _ ids: [String]) -> [Kin] {
    kin.sorted { a, b in
      guard (a.closeness, a.score) == (b.closeness, b.score) else { return (b.closeness, b.score) < (a.closeness, a.score) }
      return ModelID(ids[a.place]) < ModelID(ids[b.place])
    }
  }

  /// The related models of each model, and for each model the first of its identical copies: by index in `pairs.ids`.
  private func kinByPlace(isBothWays: Bool) -> (kin: [Int: [Kin]], copies: [Int]) {
    var kin: [Int: [Kin]] = [:]
    var identical = DisjointSets(count: pairs.ids.count)
    for index in pairs.indices where pairs.relation(index).isKinship {
      let (a, b) = (pairs.candidate(index), pairs.foundation(index))
      if pairs.relation(index) == .identical { identical.join(a, b) }
      let (closeness, score) = (pairs.closeness(index), pairs.score(index))
      let isMasked = pairs.isMasked(index)
      kin[a, default: []].append(Kin(place: b, closeness: closeness?.toCandidate ?? 0, score: score, isMasked: isMasked))
      guard isBothWays else { continue }
      kin[b, default: []].append(Kin(place: a, closeness: closeness?.toFoundation ?? 0, score: score, isMasked: isMasked))
    }
    return (kin, pairs.ids.indices.map { identical.first(of: $0) })
  }

  /// The parents of mixtures and the mixtures of parents, by the first of identical models.
  private func mixedByPlace(
    _ places: [ModelID: Int], _ copies: [Int]
  ) -> (parents: [Int: Set<Int>], children: [Int: Set<Int>]) {
    var (parents, children): ([Int: Set<Int>], [Int: Set<Int>]) = ([:], [:])
    for mixture in mixtures {
      guard let child = places[ModelID(mixture.candidate)].map({ copies[$0] }) else { continue }
      for parent in mixture.parents.map(\.model) + [mixture.base].compactMap({ $0 }) {
        guard let place = places[ModelID(parent)].map({ copies[$0] }), place != child else { continue }
        parents[child, default: []].insert(place)
        children[place, default: []].insert(child)
      }
    }
    return (parents, children)
  }
}
