/// Summary of the singular values of a matrix's change: how many directions it has beyond rounding.
///
/// ```swift
/// spectrum.rank            // 8: a merged LoRA, whose values are far above rounding
/// spectrum.energyOfEight   // 0.9997 of the change is in its first eight directions
/// ```
///
/// The singular values are the exact ones of some rows and columns of Δ = candidate − foundation. A part of a change of rank r
/// has rank r, unless the change misses that part. A value counts if it is above the maximum that rounding errors alone reach.
package struct ChangeSpectrum: Sendable, Equatable {
  /// Number of rows that were measured.
  package let rows: Int
  /// Number of columns that were measured.
  package let columns: Int
  /// Number of singular values above the limit of rounding errors.
  package let rank: Int
  /// The share of ‖Δ‖² in these values.
  package let energyOfRank: Double
  /// The share of ‖Δ‖² in the first eight directions; nil for a brief measurement, whose fewer rows have a larger share in eight.
  package let energyOfEight: Double?
  /// The largest singular value that rounding errors can make, divided by the largest of the change.
  package let noise: Double
  /// True when the change is a product of factors with at most half as many numbers as the whole matrix, and half of the measured
  /// singular values are rounding. Then `rank` is the rank of the whole change, not only of the measured part.
  package let isLow: Bool
  /// True when the last value that counts is at least twice the next one. A low rank has such a step; a change in all directions
  /// has a slope.
  package let isSharp: Bool

  /// A measured spectrum.
  package init(
    rows: Int, columns: Int, rank: Int, energyOfRank: Double, energyOfEight: Double?, noise: Double, isLow: Bool, isSharp: Bool
  ) {
    (self.rows, self.columns, self.rank) = (rows, columns, rank)
    (self.energyOfRank, self.energyOfEight, self.noise) = (energyOfRank, energyOfEight, noise)
    (self.isLow, self.isSharp) = (isLow, isSharp)
  }
}
