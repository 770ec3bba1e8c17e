import LinearAlgebra

/// Looks for the foundation's neurons in a candidate, through permuted neurons, a rotated basis, traded scales and folded gains.
///
/// ```swift
/// let recovery = BasisRecovery(candidate: candidate, foundation: foundation, workers: workers)
/// let match = recovery.match()
/// ```
///
/// Neither names nor positions nor tokens are believed. From each source of seeds the basis is fitted by turns with the matches
/// (`BasisAlternation`), twice: on one random half of each unit's neurons and on the other. Agreement is counted on the half that was not
/// seen, with the origins of layers that the seen half named. The source with most agreement is reported, and what it proves
/// (`BasisEvidence`). Every candidate's unit may come from any of the foundation's, several from one, or from none.
///
/// Of wide models neurons are compared in a `NeuronFrame` of 512 seeds, which is built anew from what it has matched.
///
/// Source: METHOD.md 3; cross-fitting because a d × d rotation makes unrelated layers agree on what it was fitted to.
public struct BasisRecovery: Sendable {
  /// Wider than this, a frame of so many seeds takes the basis' place.
  static let frameWidth = 512
  /// Neurons read of a model, unless that leaves too few of a unit: what they cost in memory (300 MB at a width of 4096) and in time.
  private static let mostNeurons = 6_144
  /// Neurons read of a unit.
  private static let neurons = 64...1_024

  let candidate: [NeuronLayer]
  let foundation: [NeuronLayer]
  /// Rows of the token tables for the same tokens, candidate's and foundation's: of unit length, without what all share.
  let tokens: (candidate: Matrix, foundation: Matrix)?
  let workers: Workers
  let seed: UInt64
  let permutations = 999
  /// Draws of the null of each kind.
  let mostDraws = 8
  /// All rows, in the residual channels.
  let space: NeuronSpace
  let split: NeuronSplit

  init(
    candidate: [NeuronLayer], foundation: [NeuronLayer], tokens: (candidate: Matrix, foundation: Matrix)? = nil,
    workers: Workers, seed: UInt64 = 1
  ) {
    precondition(Set(candidate.map(\.width)).count <= 1 && Set(foundation.map(\.width)).count <= 1, "a model has one width")
    // What one of them has no gates for cannot be held against the other's.
    let isGated = (candidate + foundation).allSatisfy { $0.gate != nil }
    let candidate = isGated ? candidate : candidate.map(\.plain)
    let foundation = isGated ? foundation : foundation.map(\.plain)
    self.candidate = candidate
    self.foundation = foundation
    self.tokens = tokens.map { (Self.centred($0.candidate), Self.centred($0.foundation)) }
    self.workers = workers
    self.seed = seed
    space = NeuronSpace(
      candidate: candidate.map { NeuronRows($0, isGated: isGated) },
      foundation: foundation.map { NeuronRows($0, isGated: isGated) })
    split = NeuronSplit(neurons: candidate.map(\.neurons), seed: seed)
  }

  /// Reads the neurons of two models: of each layer or expert all, or those of largest norm product that memory allows.
  ///
  /// `tokens`: the tables with a row a token, if both models have the same token in a row; their common rows are used, some
  /// thousands of them. Cost: one read of all MLPs.
  public init(
    candidate: [NeuronMatrices], foundation: [NeuronMatrices], tokens: (candidate: MatrixRows, foundation: MatrixRows)? = nil,
    workers: Workers, seed: UInt64 = 1
  ) {
    // One number for both, so that a neuron is among the largest of both.
    let most = min(Self.most(candidate), Self.most(foundation))
    func read(_ sources: [NeuronMatrices]) -> [NeuronLayer] {
      workers.map(sources.count) { NeuronLayer(sources[$0], most: most) }
    }
    self.init(
      candidate: read(candidate), foundation: read(foundation),
      tokens: tokens.map { tokens in
        let all = min(tokens.candidate.rows, tokens.foundation.rows)
        let rows = min(all, 4 * Self.frameWidth)
        func table(_ matrix: MatrixRows) -> Matrix {
          Matrix(
            stacking: (0..<rows).map {
              let row = $0 * all / rows
              return Matrix(rows: 1, columns: matrix.columns, values: matrix.read(row..<row + 1, 0..<matrix.columns))
            })
        }
        return (table(tokens.candidate), table(tokens.foundation))
      }, workers: workers, seed: seed)
  }

  private static func most(_ units: [NeuronMatrices]) -> Int {
    min(max(mostNeurons / max(units.count, 1), neurons.lowerBound), neurons.upperBound)
  }

  /// Unit rows without the mean that all tokens share.
  private static func centred(_ table: Matrix) -> Matrix {
    var table = table
    for c in 0..<table.columns {
      var sum = 0.0
      for i in 0..<table.rows { sum += Double(table[i, c]) }
      let mean = Float(sum / Double(max(table.rows, 1)))
      for i in 0..<table.rows { table[i, c] -= mean }
    }
    table.normaliseRows()
    return table
  }

  /// The best match; nil when nothing can be tried: no units, or nothing to start from.
  public func match() -> BasisMatch? {
    guard !candidate.isEmpty, !foundation.isEmpty else { return nil }
    let profiles = Profiles(
      candidate: workers.map(candidate.count) { NeuronProfile.profiles(of: candidate[$0]) },
      foundation: workers.map(foundation.count) { NeuronProfile.profiles(of: foundation[$0]) })
    var (best, tries, permuted) = (SourceTry?.none, 0, [Int](repeating: 0, count: permutations + 1))
    for source in SeedSource.allCases {
      guard let found = attempt(source, profiles) else { continue }
      tries += 1
      permuted = zip(permuted, found.halves[0].unseen.permuted).map { max($0, $1) }
      if best.map({ found.share > $0.share }) ?? true { best = found }
      // Nothing is left to be found; never by chance, which would spoil the permutation test.
      if found.agreements * 10 >= found.trials * 9, found.isBeyondChance { break }
    }
    guard let best else { return nil }
    let evidence = BasisEvidence(
      halves: best.halves.map { .init(agreements: $0.unseen.agreements, trials: $0.unseen.trials) },
      draws: nullDraws(best.halves[0], profiles), smallestUnit: (candidate + foundation).map(\.neurons).min() ?? 0,
      units: candidate.count, tries: tries, permuted: permuted)
    return result(best, evidence)
  }

  private func attempt(_ source: SeedSource, _ profiles: Profiles) -> SourceTry? {
    var found: [BasisTry] = []
    for half in 0..<2 {
      guard let start = start(source, half, profiles), let (space, fit) = fit(from: start, half) else { return nil }
      found.append(
        BasisTry(
          space: space, fit: fit,
          unseen: unseen(half, space, fit.basis, fit.origins, permutations: half == 0 ? permutations : 0)))
      // Nothing at all on one half: the other would take as long to show as little.
      if found[0].log10LabelBound > -1 { break }
    }
    return SourceTry(source: source, halves: found)
  }

  /// The fit from one start on one half of the candidate's neurons, and the coordinates that it is in.
  ///
  /// `allowed`: for each unit of the candidate, units of the foundation that it may come from; all when nil.
  func fit(from start: Start, _ half: Int, allowed: [[Int]]? = nil) -> (NeuronSpace, BasisAlternation.Fit)? {
    let allowed = allowed ?? [[Int]](repeating: Array(foundation.indices), count: candidate.count)
    var alternation = BasisAlternation(space: space, seen: split.halves[half], allowed: allowed, workers: workers)
    guard min(space.width, space.foundationWidth) > Self.frameWidth else {
      switch start {
      case .basis(let basis): return alternation.fit(from: .basis(basis)).map { (space, $0) }
      case .pairs(let pairs): return alternation.fit(from: .pairs(pairs)).map { (space, $0) }
      case .rows(let b, let a):
        return workers.polarFactor(of: workers.crossProduct(a, b)).flatMap { alternation.fit(from: .basis($0)) }.map {
          (space, $0)
        }
      }
    }
    var seeds: (candidate: Matrix, foundation: Matrix)
    switch start {
    case .basis:
      // One basis: any directions are seeds.
      let directions = Self.randomRows(Self.frameWidth, columns: space.width, seed: seed)
      seeds = (directions, directions)
    case .pairs(let pairs): seeds = space.rows(of: Array(pairs.prefix(Self.frameWidth)))
    case .rows(let b, let a): seeds = (b.taking(Self.some(of: b.rows)), a.taking(Self.some(of: b.rows)))
    }
    alternation.mostRounds = 4
    var best: (NeuronSpace, BasisAlternation.Fit)?
    for _ in 0..<3 {
      guard let frame = NeuronFrame(candidate: seeds.candidate, foundation: seeds.foundation, workers: workers) else { break }
      alternation.space = frame.reduced(space, workers: workers)
      guard let fit = alternation.fit(from: .basis(.identity(frame.candidate.rows))) else { break }
      let before = best?.1.agreements ?? 0
      if best == nil || fit.agreements > before { best = (alternation.space, fit) }
      // Enough when hardly more neurons agree than in the frame before, and when hardly any do at all.
      if fit.agreements <= before + before / 50 || fit.agreements * 50 < trials(half) { break }
      seeds = space.rows(of: Self.some(of: fit))
    }
    return best
  }

  /// Neurons of a half.
  private func trials(_ half: Int) -> Int { split.halves[half].reduce(0) { $0 + $1.count } }

  /// Rows of random signs.
  private static func randomRows(_ rows: Int, columns: Int, seed: UInt64) -> Matrix {
    var random = SplitMix(seed: seed &+ 3_000)
    return Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in random.next() >> 63 == 0 ? 1 : -1 })
  }

  /// Pairs for a frame: those that agree, then the surest others.
  private static func some(of fit: BasisAlternation.Fit) -> [NeuronPair] {
    fit.agreements > frameWidth ? some(of: fit.agreements).map { fit.pairs[$0] } : Array(fit.pairs.prefix(frameWidth))
  }

  /// Evenly spaced places.
  private static func some(of count: Int) -> [Int] {
    let taken = min(count, frameWidth)
    return (0..<taken).map { $0 * count / taken }
  }

  /// Agreement of the half that the fit on `half` has not seen. `others`: further units to hold each unit against.
  func unseen(
    _ half: Int, _ space: NeuronSpace, _ basis: Matrix, _ origins: [Int], others: [[Int]]? = nil, permutations: Int = 0
  ) -> UnseenAgreement {
    UnseenAgreement(
      space: space, rows: split.halves[1 - half], basis: basis, origins: origins, others: others ?? origins.map { _ in [] },
      permutations: permutations, seed: seed &+ 1_000, workers: workers)
  }
}
