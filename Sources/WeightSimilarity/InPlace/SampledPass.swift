import LinearAlgebra
import ModelAnatomy
package import TensorFiles
package import Threads

/// The comparison of two models in place from a few rows of each matrix, for models whose bytes are costly to get.
///
/// ```swift
/// let pass = SampledPass(pairing, workers: workers)
/// let similarity = pass.run()
/// similarity.sample?.share  // 0.0004
/// ```
///
/// Which rows are read depends on shapes alone (``SampledRows``), so all of them are fetched at once. The tests are those of
/// ``InPlacePass`` on fewer rows; a p-value from a sample is as honest as one from all. Figures of a tensor are those of its sample.
/// Two models are never called identical for a sample, unless `areSameFiles`: then all of their bytes are known to be equal.
///
/// Cost: 7B in bfloat16 reads 10 MB of each model, and 12 MB where rows in place are not alike; 70B 31 MB and 35 MB.
package struct SampledPass: Sendable {
  private let pairing: Pairing
  private let workers: Workers
  private let progress: Progress?
  private let areSameFiles: Bool
  /// The pairs, and the sample of each; nil for the experts that are left out.
  private let samples: [SampledRows?]

  /// Experts of a layer whose matrices of one role are read; the others are like them in age and origin as a rule, and there may be
  /// hundreds.
  private static let mostExperts = 2

  /// Slices that are fetched together: many, so that requests overlap, and few enough for progress and cancellation.
  private static let slicesInFetch = 128

  /// A pass over the pairs of `pairing`; `progress` counts the bytes read.
  package init(_ pairing: Pairing, areSameFiles: Bool, workers: Workers, progress: Progress? = nil) {
    (self.pairing, self.areSameFiles, self.workers, self.progress) = (pairing, areSameFiles, workers, progress)
    var experts: [WeightKey: Int] = [:]
    samples = pairing.pairs.map { pair in
      if pair.candidate.expert != nil {
        let key = WeightKey(role: pair.role, layer: pair.candidate.layer, expert: nil)
        experts[key, default: 0] += 1
        guard experts[key, default: 0] <= Self.mostExperts else { return nil }
      }
      return pair.parameters > 0 ? SampledRows(of: pair) : nil
    }
  }

  /// The slices that `run` reads. O(pairs).
  package var plan: (candidate: [TensorSlice], foundation: [TensorSlice]) {
    var found: (candidate: [TensorSlice], foundation: [TensorSlice]) = ([], [])
    for case (let pair, let sample?) in zip(pairing.pairs, samples) {
      let slices = pair.slices(of: sample)
      found.candidate += slices.candidate
      found.foundation += slices.foundation
    }
    return found
  }

  /// Bytes that `run` will read, for a `Progress`.
  package var bytes: Int {
    let plan = plan
    return (plan.candidate + plan.foundation).reduce(0) { $0 + $1.byteCount }
  }

  /// Fetches the sample and compares it. Where `isEnough` says that the result is not, the angles of value projections are compared too
  /// (``ValueAngles``), which costs a fifth more.
  package func run(isEnough: (InPlaceSimilarity) -> Bool = { _ in true }) -> InPlaceSimilarity {
    let plan = plan
    let sides = [plan.candidate, plan.foundation]
    _ = workers.map(2) { side in
      for start in stride(from: 0, to: sides[side].count, by: Self.slicesInFetch) where !workers.isCancelled {
        let part = sides[side][start..<min(start + Self.slicesInFetch, sides[side].count)]
        TensorSlice.fetch(part)
        progress?.advance(by: part.reduce(0) { $0 + $1.byteCount })
      }
    }
    let found = workers.map(samples.count, scratch: { Scratch() }) { number, scratch in
      samples[number].map { Self.read(pairing.pairs[number], $0, &scratch) }
    }
    let read = zip(pairing.pairs, samples).reduce(0) { $0 + ($1.1?.count(of: $1.0) ?? 0) }
    let all = Pairing.size(of: pairing.candidate)
    var similarity = InPlaceSimilarity(
      tensors: zip(pairing.pairs, found).map { Self.similarity($0, $1?.sums) },
      isIdentical: areSameFiles && !pairing.isIncomplete,
      shiftedCosines: found.map { $0?.shiftedCosines }, pairing: pairing,
      sample: InPlaceSample(
        share: all == 0 ? 0 : Double(read) / Double(all),
        isEqual: read > 0 && found.allSatisfy { $0.map { $0.sums.equal == $0.sums.included && $0.sums.omitted == 0 } ?? true }))
    if !workers.isCancelled, !isEnough(similarity) { similarity.valueAngles = ValueAngles(pairing).test(workers: workers) }
    return similarity
  }

  private struct Found: Sendable {
    var sums: PairSums
    var shiftedCosines: ShiftedCosines?
  }

  /// Memory that a thread reuses.
  private struct Scratch {
    var foundation = TileBuffer()
    var candidate = TileBuffer()
    var foundationRows = RowSample()
    var candidateRows = RowSample()
    var foundationTokens = ChannelSample()
    var candidateTokens = ChannelSample()
  }

  private static func read(_ pair: WeightPair, _ sample: SampledRows, _ scratch: inout Scratch) -> Found {
    let columns = 0..<sample.columns / pair.candidate.components
    scratch.foundation.read(pair.foundation, sample.rows, columns)
    scratch.candidate.read(pair.candidate, sample.rows, columns)
    var found = Found(sums: scratch.foundation.sums(with: scratch.candidate, count: sample.rows.count * sample.columns))
    if RowShiftTest.suits(pair), !FormulaRows.hold(in: pair, rows: sample.rows) {
      scratch.foundationRows.read(pair.foundation, sample)
      scratch.candidateRows.read(pair.candidate, sample)
      found.shiftedCosines = scratch.foundationRows.shiftedCosines(with: scratch.candidateRows)
    } else if ChannelSample.suits(pair) {
      scratch.foundationTokens.read(pair.foundation, first: pair.rows, columns: ChannelSample.fewerColumns)
      scratch.candidateTokens.read(pair.candidate, first: pair.rows, columns: ChannelSample.fewerColumns)
      found.shiftedCosines = scratch.foundationTokens.shiftedCosines(with: scratch.candidateTokens)
    }
    return found
  }

  private static func similarity(_ pair: WeightPair, _ sums: PairSums?) -> TensorSimilarity {
    var found = TensorSimilarity(of: pair)
    // A sample does not show that nothing changed.
    found.isWhole = false
    if let sums {
      found.values = MetricValues(sums)
      (found.nonFiniteCandidate, found.nonFiniteFoundation) = (sums.nonFiniteB, sums.nonFiniteA)
    }
    return found
  }
}
