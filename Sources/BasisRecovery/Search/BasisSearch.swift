import LinearAlgebra
import Threads

/// One search for a candidate's neurons among a foundation's, over all neurons that were read, or those with the largest norm
/// product.
struct BasisSearch: Sendable {
  /// The start of a fit.
  enum Start: Sendable {
    case basis(Matrix)
    /// Pairs of neurons that may correspond; the most certain pair comes first.
    case pairs([NeuronPair])
    /// Rows that may correspond: the candidate's rows, then the foundation's.
    case rows(Matrix, Matrix)
  }

  let candidate: NeuronModel
  let foundation: NeuronModel
  /// Rows of the token tables of candidate and foundation for the same tokens: minus their mean, and of unit length.
  let tokens: (candidate: Matrix, foundation: Matrix)?
  /// All rows, in the residual channels.
  let space: NeuronSpace
  let split: NeuronSplit
  let sizes: SearchSizes
  let workers: Workers
  let seed: UInt64

  init(
    candidate: NeuronModel, foundation: NeuronModel, tokens: (candidate: Matrix, foundation: Matrix)?, split: NeuronSplit,
    sizes: SearchSizes, workers: Workers, seed: UInt64
  ) {
    let isGated = (candidate.layers + foundation.layers).allSatisfy { $0.gate != nil }
    space = NeuronSpace(
      candidate: candidate.layers.map { NeuronRows($0, isGated: isGated) },
      foundation: foundation.layers.map { NeuronRows($0, isGated: isGated) })
    (self.candidate, self.foundation, self.tokens, self.split) = (candidate, foundation, tokens, split)
    (self.sizes, self.workers, self.seed) = (sizes, workers, seed)
  }

  /// The number of the candidate's units.
  var units: Int { candidate.layers.count }

  /// The result of all sources of seeds.
  struct Found: Sendable {
    var best: SourceTry
    var tries: Int
    /// The most agreements of any source: first for the true order of labels, then for each random order.
    var permuted: [Int]
  }

  /// Tries every source of seeds; nil if no source has a start. A start whose rows have nothing in common (`isPromising`) counts as
  /// a try, and no basis is fitted to it unless there is no other.
  ///
  /// `enough`: the share of agreeing neurons beyond which no other source is tried.
  func everySource(enough: Double = SearchRule.enough) -> Found? {
    var (best, tries, permuted) = (SourceTry?.none, 0, [Int](repeating: 0, count: sizes.permutations + 1))
    func add(_ found: SourceTry) {
      permuted = zip(permuted, found.halves[0].unseen.permuted).map { max($0, $1) }
      if best.map({ found.share > $0.share }) ?? true { best = found }
    }
    var dropped: (source: SeedSource, start: Start)?
    for source in SeedSource.allCases where !workers.isCancelled {
      guard let start = start(source, 0) else { continue }
      guard isPromising(start) else {
        tries += 1
        dropped = dropped ?? (source, start)
        continue
      }
      guard let found = attempt(source, from: start) else { continue }
      tries += 1
      add(found)
      // Other sources can hardly find more. The search never ends by chance, which would invalidate the permutation test.
      if found.share >= enough, found.isBeyondChance { break }
    }
    // The evidence is a count in some basis.
    if best == nil, let dropped, let found = attempt(dropped.source, from: dropped.start, isDoubtful: true) { add(found) }
    return best.map { Found(best: $0, tries: tries, permuted: permuted) }
  }

  /// The evidence of a source's result, with the draws of the null distribution for it.
  func evidence(_ best: SourceTry, tries: Int, permuted: [Int]) -> BasisEvidence {
    BasisEvidence(
      halves: best.halves.map { .init(agreements: $0.unseen.agreements, trials: $0.unseen.trials) },
      draws: nullDraws(best.halves[0]),
      smallestUnit: (candidate.layers + foundation.layers).map(\.neurons).min() ?? 0, units: units, tries: tries,
      permuted: permuted)
  }

  private func attempt(_ source: SeedSource, from first: Start, isDoubtful: Bool = false) -> SourceTry? {
    var found: [BasisTry] = []
    for half in 0..<2 {
      guard let start = half == 0 ? first : start(source, half),
        let (space, fit) = fit(from: start, half, isDoubtful: isDoubtful)
      else { return nil }
      found.append(
        BasisTry(
          space: space, fit: fit,
          unseen: unseen(half, space, fit.basis, fit.origins, permutations: half == 0 ? sizes.permutations : 0)))
      // If the first half shows nothing, the other half would show as little.
      if !found[0].isSeen { break }
    }
    return SourceTry(source: source, halves: found)
  }

  /// The fit from one start on one half of the candidate's neurons, and its coordinates.
  ///
  /// `allowed`: for each unit of the candidate, units of the foundation that it may come from; all when nil. `isDoubtful`: whether
  /// a start from pairs ends if its first basis shows nothing, as that of other starts does.
  func fit(
    from start: Start, _ half: Int, allowed: [[Int]]? = nil, isDoubtful: Bool = false
  ) -> (NeuronSpace, BasisAlternation.Fit)? {
    let allowed = allowed ?? [[Int]](repeating: Array(foundation.layers.indices), count: units)
    var alternation = BasisAlternation(space: space, seen: split.halves[half], allowed: allowed, workers: workers)
    switch start {
    case .basis: alternation.leastAtFirst = BasisEvidence.leastAgreements(units: units, log10LabelBound: SearchRule.log10Seen)
    case .rows: alternation.leastAtFirst = trials(half) / SearchRule.neuronsPerTrace
    case .pairs: alternation.leastAtFirst = isDoubtful ? trials(half) / SearchRule.neuronsPerTrace : 0
    }
    guard min(space.width, space.foundationWidth) > sizes.frame else {
      switch start {
      case .basis(let basis): return alternation.fit(from: .basis(basis)).map { (space, $0) }
      case .pairs(let pairs): return alternation.fit(from: .pairs(pairs)).map { (space, $0) }
      case .rows(let candidate, let foundation):
        return workers.polarFactor(of: workers.crossProduct(foundation, candidate)).flatMap { alternation.fit(from: .basis($0)) }
          .map { (space, $0) }
      }
    }
    return fitInFrames(from: start, alternation, half)
  }

  /// The fit of a wide model in frames of neurons. Each frame is built from the matches in the frame before.
  private func fitInFrames(
    from start: Start, _ alternation: BasisAlternation, _ half: Int
  ) -> (NeuronSpace, BasisAlternation.Fit)? {
    var alternation = alternation
    // If both models have one basis, no seeds are needed for common coordinates.
    var seeds: (candidate: Matrix, foundation: Matrix)?
    switch start {
    case .basis: seeds = nil
    case .pairs(let pairs): seeds = space.rows(of: Array(pairs.prefix(sizes.frame)))
    case .rows(let candidate, let foundation):
      seeds = (candidate.taking(some(of: candidate.rows)), foundation.taking(some(of: candidate.rows)))
    }
    alternation.mostRounds = SearchRule.roundsOfFrame
    var best: (NeuronSpace, BasisAlternation.Fit)?
    for _ in 0..<SearchRule.mostFrames where !workers.isCancelled {
      if let seeds {
        guard let frame = NeuronFrame(candidate: seeds.candidate, foundation: seeds.foundation, workers: workers) else { break }
        alternation.space = frame.reduced(space, workers: workers)
      } else {
        alternation.space = space.folded(to: sizes.frame, seed: seed &+ 3_000)
      }
      guard let fit = alternation.fit(from: .basis(.identity(alternation.space.width))) else { break }
      let before = best?.1.agreements ?? 0
      if best == nil || fit.agreements > before { best = (alternation.space, fit) }
      // This frame is the last if hardly more neurons agree than in the frame before, or if hardly any agree.
      if fit.agreements <= before + before / SearchRule.leastGrowth
        || fit.agreements * SearchRule.leastAgreement < trials(half)
      {
        break
      }
      seeds = space.rows(of: some(of: fit))
    }
    return best
  }

  /// Whether rows that may correspond have enough in common for a fit. A basis is a hypothesis of its own.
  private func isPromising(_ start: Start) -> Bool {
    var rows: (candidate: Matrix, foundation: Matrix)
    switch start {
    case .basis: return true
    case .pairs(let pairs): rows = space.rows(of: Array(pairs.prefix(SeedLikeness.most)))
    case .rows(let candidate, let foundation):
      let chosen = Self.spaced(candidate.rows, most: SeedLikeness.most)
      rows = (candidate.taking(chosen), foundation.taking(chosen))
    }
    return SeedLikeness(candidate: rows.candidate, foundation: rows.foundation).deviations >= SearchRule.leastDeviations
  }

  /// The number of neurons in a half.
  private func trials(_ half: Int) -> Int { split.halves[half].reduce(0) { $0 + $1.count } }

  /// Pairs for a frame: first the neurons that agree, then the most certain other matches.
  func some(of fit: BasisAlternation.Fit) -> [NeuronPair] {
    fit.agreements > sizes.frame ? some(of: fit.agreements).map { fit.pairs[$0] } : Array(fit.pairs.prefix(sizes.frame))
  }

  /// Evenly spaced indices, at most as many as a frame has seeds.
  private func some(of count: Int) -> [Int] { Self.spaced(count, most: sizes.frame) }

  private static func spaced(_ count: Int, most: Int) -> [Int] {
    let taken = min(count, most)
    return (0..<taken).map { $0 * count / taken }
  }

  /// The agreement on the half that the fit on `half` has not seen. `others`: further units with which each unit is compared.
  func unseen(
    _ half: Int, _ space: NeuronSpace, _ basis: Matrix, _ origins: [Int], others: [[Int]]? = nil, permutations: Int = 0
  ) -> UnseenAgreement {
    UnseenAgreement(
      space: space, rows: split.halves[1 - half], basis: basis, origins: origins, others: others ?? origins.map { _ in [] },
      permutations: permutations, seed: seed &+ 1_000, workers: workers)
  }
}
