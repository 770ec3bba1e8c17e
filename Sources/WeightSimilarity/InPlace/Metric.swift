package import LinearAlgebra

/// A figure that every pair of tensors can have, as one row of a table.
///
/// Everything that is done with a metric is a loop over ``all``: the in-place pass computes it from the sums of a pair, groups of
/// tensors have its mean, and the reports print it. A new metric is one more row, and the sum if `PairSums` lacks it.
package struct Metric: Sendable {
  /// The unit, which says how the values are printed.
  package enum Unit: Sendable {
    /// A number, printed with this many decimals.
    case number(decimals: Int)
    /// A share, 0 … 1, printed as a percentage.
    case share
  }

  /// The column of the metric in tables of text output.
  package struct Column: Sendable {
    /// The key by which columns are sorted.
    package let position: Int
    /// The head of the column.
    package let title: String
  }

  /// The plots along the layers. Each shows all metrics that name it.
  package enum Plot: Sendable, CaseIterable {
    /// Metrics with values of −1 … 1.
    case cosines
    /// Metrics with values from 0.
    case distances
  }

  /// The name in JSON and CSV. It never changes.
  package let id: String
  /// The name in plots and maps.
  package let name: String
  /// How the values are printed.
  package let unit: Unit
  /// The possible values, if defined.
  package let range: ClosedRange<Double>
  /// True if the mean over several matrices, weighted by parameters, has a meaning.
  package let hasMean: Bool
  /// True for a metric that is defined only after masks are undone. It is left out of tables and plots without masks.
  package let needsMask: Bool
  /// The value from the sums of a pair; nil for a metric that another pass fills in.
  package let ofSums: (@Sendable (PairSums) -> Double?)?
  /// Nil for a metric that is not in the tables of text output.
  package let column: Column?
  /// The plot along the layers that shows the means; nil for none.
  package let plot: Plot?
  /// The HTML identifier of its map of roles and layers; nil if none is drawn.
  package let mapID: String?
  /// The position in ``all``, and in every ``MetricValues``.
  package private(set) var position = 0

  /// The largest possible value; nil if there is no limit.
  package var most: Double? { range.upperBound < .greatestFiniteMagnitude ? range.upperBound : nil }

  /// All metrics in the order of JSON and CSV, at most ``MetricValues/capacity``.
  package static let all = rows.indices.map { position in
    var row = rows[position]
    row.position = position
    return row
  }

  private static let rows: [Metric] = [
    // Undefined where one of the norms is zero.
    Metric(
      id: "cosine", name: "cosine", unit: .number(decimals: 5), range: -1...1, hasMean: true, needsMask: false,
      ofSums: { $0.cosine }, column: Column(position: 0, title: "cosine"), plot: .cosines, mapID: "cosines-by-role"),
    // Undefined where one of the tensors is constant.
    Metric(
      id: "centred_cosine", name: "centred cosine", unit: .number(decimals: 5), range: -1...1, hasMean: true, needsMask: false,
      ofSums: { $0.centredCosine }, column: Column(position: 2, title: "centred"), plot: .cosines, mapID: nil),
    // Undefined where the foundation's norm is zero.
    Metric(
      id: "relative_l2", name: "relative distance (L2)", unit: .number(decimals: 4), range: 0 ... .greatestFiniteMagnitude,
      hasMean: true, needsMask: false,
      ofSums: { $0.relativeL2 }, column: Column(position: 3, title: "rel. L2"), plot: .distances, mapID: "distances-by-role"),
    // Undefined where the foundation's norm is zero.
    Metric(
      id: "norm_ratio", name: "ratio of norms", unit: .number(decimals: 4), range: 0 ... .greatestFiniteMagnitude, hasMean: false,
      needsMask: false,
      ofSums: { $0.normRatio }, column: nil, plot: nil, mapID: nil),
    // Undefined where elements were not compared one by one.
    Metric(
      id: "equal", name: "equal elements", unit: .share, range: 0...1, hasMean: true, needsMask: false,
      ofSums: { $0.equalShare }, column: Column(position: 4, title: "equal"), plot: nil, mapID: nil),
    // Undefined where no mask was found.
    Metric(
      id: "aligned_cosine", name: "aligned cosine", unit: .number(decimals: 5), range: -1...1, hasMean: true, needsMask: true,
      ofSums: nil, column: Column(position: 1, title: "aligned"), plot: .cosines, mapID: nil),
  ]

  /// The position of the metric with this identifier. It must be in the table.
  static func position(of id: String) -> Int {
    guard let position = rows.firstIndex(where: { $0.id == id }) else { preconditionFailure("no metric is named \(id)") }
    return position
  }
}
