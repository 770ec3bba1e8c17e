import LinearAlgebra
import ModelAnatomy
import TensorFiles

/// The rows of a pair that a sampled comparison reads: adjacent ones from the middle of both matrices, so that they are one request,
/// and of a wide matrix the first columns.
///
/// Adjacent rows are as exchangeable as distant ones: the order of neurons, of channels and of the numbers of a value head is arbitrary.
/// In query and key heads with rotary positions the order of frequencies is not, and adjacent rows of one model may be alike. That makes
/// shifted rows more alike, so the excess of equal rows becomes smaller and never larger: kin may be missed, strangers are not accused.
struct SampledRows: Sendable {
  /// Bytes of the sample of one matrix, about: four rows of a wide one. In a 7B model these are 896 rows, each with a standard deviation
  /// of 3072^-½, which tell an excess of 0.003 from chance at a p-value of 10⁻⁶.
  private static let mostBytes = 3 << 13
  private static let mostColumns = 3 << 10
  /// Vectors have no part in a verdict.
  private static let mostOfVector = 1 << 10
  /// As many as the row-shift test of whole matrices uses.
  private static let mostRows = 32
  /// Four rows have three shifts, the fewest that give a variance with a degree of freedom to spare.
  private static let fewestRows = 4
  /// Rows that follow a formula are recognised by their neighbours (`FormulaRows`), which needs more of them.
  private static let fewestUnknownRows = 16

  let rows: Range<Int>
  /// Columns; of complex numbers, components.
  let columns: Int

  init(of pair: WeightPair) {
    let weight = pair.candidate
    let width = weight.columns * weight.components
    let most = weight.isMatrix ? Self.mostColumns : Self.mostOfVector
    columns = min(most, width) / weight.components * weight.components
    let bits = max(weight.bitsPerNumber, pair.foundation.bitsPerNumber, 1)
    let fewest = weight.role.isKnown ? Self.fewestRows : Self.fewestUnknownRows
    let fitting = Self.mostBytes * 8 / max(1, bits * columns)
    let count = min(pair.rows, max(fewest, min(Self.mostRows, fitting)))
    let first = (pair.rows - count) / 2
    rows = first..<first + count
  }

  /// The number of weights in the sample.
  func count(of pair: WeightPair) -> Int { rows.count * columns / pair.candidate.components }
}

extension WeightPair {
  /// The slices of both sides that the sampled comparison of this pair reads. O(rows of the sample).
  func slices(of sample: SampledRows) -> (candidate: [TensorSlice], foundation: [TensorSlice]) {
    let slices = { (weight: Weight) in
      weight.slices(rows: sample.rows, columns: 0..<sample.columns)
        + (ChannelSample.suits(self) ? ChannelSample.plan(weight, first: self.rows, columns: ChannelSample.fewerColumns) : [])
    }
    return (slices(candidate), slices(foundation))
  }
}
