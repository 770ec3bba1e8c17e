/// The mean cosines of the rows of one matrix with the rows of another, for each cyclic shift of the rows.
package struct ShiftedCosines: Sendable, Equatable {
  /// The mean cosine of row i with row i + s, for s = 0 (rows in place), 1, 2, …; one number for each sampled row.
  package let values: [Double]

  package init(_ values: [Double]) { self.values = values }

  /// How much more alike rows in place are than shifted rows: the mean cosine in place minus the mean over all shifts. Near 0 for
  /// unrelated matrices, 1 for equal matrices whose rows have nothing in common.
  package var excess: Double { values[0] - values.dropFirst().reduce(0, +) / Double(max(1, values.count - 1)) }
}
