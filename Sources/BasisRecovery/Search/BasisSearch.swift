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

  /// Tries every source of seeds; nil if no source has a start.
  ///
  /// `enough`: the share of agreeing neurons beyond which no other source is tried.
  func everySource(enough: Double = SearchRule.enough) -> Found? {
    var (best, tries, permuted) = (SourceTry?.none, 0, [Int](repeating: 0, count: sizes.permutations + 1))
    for source in SeedSource.allCases where !workers.isCancelled {
      guard let found = attempt(source) else { continue }
      tries += 1
      permuted = zip(permuted, found.halves[0].unseen.permuted).map { max($0, $1) }
      if best.map({ found.share > $0.share }) ?? true { best = found }
      // Other sources can hardly find more. The search never ends by chance, which would invalidate the permutation test.
      if found.share >= enough, found.isBeyondChance { break }
    }
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

  private func attempt(_ source: SeedSource) -> SourceTry? {
    var found: [BasisTry] = []
    for half in 0..<2 {
      guard let start = start(source, half), let (space, fit) = fit(from: start, half) else { return nil }
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
  /// `allowed`: for each unit of the candidate, units of the foundation that it may come from; all when nil.
  func fit(from start: Start, _ half: Int, allowed: [[Int]]? = nil) -> (NeuronSpace, BasisAlternation.Fit)? {
    let allowed = allowed ?? [[Int]](repeating: Array(foundation.layers.indices), count: units)
    var alternation = BasisAlternation(space: space, seen: split.halves[half], allowed: allowed, workers: workers)
    if case .basis = start { alternation.isFirstDecisive = true }
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
    var seeds: (candidate: Matrix, foundation: Matrix)
    switch start {
    case .basis:
      // If both models have one basis, any directions can be seeds.
      let directions = Self.randomRows(sizes.frame, columns: space.width, seed: seed)
      seeds = (directions, directions)
    case .pairs(let pairs): seeds = space.rows(of: Array(pairs.prefix(sizes.frame)))
    case .rows(let candidate, let foundation):
      seeds = (candidate.taking(some(of: candidate.rows)), foundation.taking(some(of: candidate.rows)))
    }
    alternation.mostRounds = SearchRule.roundsOfFrame
    var best: (NeuronSpace, BasisAlternation.Fit)?
    for _ in 0..<SearchRule.mostFrames where !workers.isCancelled {
      guard let frame = NeuronFrame(candidate: seeds.candidate, foundation: seeds.foundation, workers: workers) else { break }
      alternation.space = frame.reduced(space, workers: workers)
      guard let fit = alternation.fit(from: .basis(.identity(frame.candidate.rows))) else { break }
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

  /// The number of neurons in a half.
  private func trials(_ half: Int) -> Int { split.halves[half].reduce(0) { $0 + $1.count } }

  /// Rows of random signs.
  private static func randomRows(_ rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var random = SplitMix(seed: seed &+ 3_000)
    return Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in random.sign() })
  }

  /// Pairs for a frame: first the neurons that agree, then the most certain other matches.
  func some(of fit: BasisAlternation.Fit) -> [NeuronPair] {
    fit.agreements > sizes.frame ? some(of: fit.agreements).map { fit.pairs[$0] } : Array(fit.pairs.prefix(sizes.frame))
  }

  /// Evenly spaced indices, at most as many as a frame has seeds.
  private func some(of count: Int) -> [Int] {
    let taken = min(count, sizes.frame)
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
