import Pictures
import WeightSimilarity

/// A figure that every pair of tensors has. All formats of `compare` loop over the list of metrics.
struct Metric: Sendable {
  /// The way to print the values.
  enum Unit: Sendable {
    /// A number with this many decimals.
    case number(decimals: Int)
    /// A share, 0 … 1, as a percentage.
    case share
  }

  /// The column of the metric in tables of text output.
  struct Column: Sendable {
    /// The key by which columns are sorted.
    let position: Int
    let title: String
    /// Whether the column is left out if no mask was undone.
    let needsMask: Bool
  }

  /// The name in JSON and CSV. It never changes.
  let id: String
  let unit: Unit
  /// The possible values, if defined.
  let range: ClosedRange<Double>
  /// The value for a pair of tensors; nil if it is undefined.
  let ofTensor: @Sendable (TensorSimilarity) -> Double?
  /// The mean over matrices, weighted by parameters; nil for a metric whose mean has no meaning.
  let ofGroup: (@Sendable (GroupSimilarity) -> Double?)?
  /// Nil for a metric that is not in the tables of text output.
  let column: Column?

  /// All metrics in the order of JSON and CSV.
  static let all: [Metric] = [
    // Undefined where one of the norms is zero.
    Metric(
      id: "cosine", unit: .number(decimals: 5), range: -1...1, ofTensor: { $0.cosine }, ofGroup: { $0.cosine },
      column: Column(position: 0, title: "cosine", needsMask: false)),
    // Undefined where one of the tensors is constant.
    Metric(
      id: "centred_cosine", unit: .number(decimals: 5), range: -1...1, ofTensor: { $0.centredCosine },
      ofGroup: { $0.centredCosine },
      column: Column(position: 2, title: "centred", needsMask: false)),
    // Undefined where the foundation's norm is zero.
    Metric(
      id: "relative_l2", unit: .number(decimals: 4), range: 0...Double.greatestFiniteMagnitude, ofTensor: { $0.relativeL2 },
      ofGroup: { $0.relativeL2 }, column: Column(position: 3, title: "rel. L2", needsMask: false)),
    // Undefined where the foundation's norm is zero.
    Metric(
      id: "norm_ratio", unit: .number(decimals: 4), range: 0...Double.greatestFiniteMagnitude, ofTensor: { $0.normRatio },
      ofGroup: nil,
      column: nil),
    // Undefined where elements were not compared one by one.
    Metric(
      id: "equal", unit: .share, range: 0...1, ofTensor: { $0.equalShare }, ofGroup: { $0.equalShare },
      column: Column(position: 4, title: "equal", needsMask: false)),
    // Undefined where no mask was found.
    Metric(
      id: "aligned_cosine", unit: .number(decimals: 5), range: -1...1, ofTensor: { $0.alignedCosine },
      ofGroup: { $0.alignedCosine },
      column: Column(position: 1, title: "aligned", needsMask: true)),
  ]

  /// The metrics that have a mean over several tensors, in the order of JSON and CSV.
  static let means = all.filter { $0.ofGroup != nil }

  /// The metrics in tables of text output, from left to right.
  static func columns(isMasked: Bool) -> [Metric] {
    all.filter { $0.column.map { isMasked || !$0.needsMask } ?? false }
      .sorted { ($0.column?.position ?? 0) < ($1.column?.position ?? 0) }
  }

  /// A value as text.
  func text(_ value: Double?) -> String {
    switch unit {
    case .number(let decimals): Figures.fixed(value, decimals)
    case .share: Figures.percent(value)
    }
  }
}
