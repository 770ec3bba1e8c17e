import Pictures
package import WeightSimilarity

// What the reports do with the metrics: they loop over `Metric.all`, or over a part of it.

extension Metric {
  /// The metrics that have a mean over several tensors, in the order of JSON and CSV.
  static let means = all.filter(\.hasMean)

  /// The metrics of which a map of roles and layers is drawn.
  package static let maps = all.filter { $0.mapID != nil }

  /// The metrics in tables of text output, from left to right.
  static func columns(isMasked: Bool) -> [Metric] {
    all.filter { $0.column != nil && (isMasked || !$0.needsMask) }
      .sorted { ($0.column?.position ?? 0) < ($1.column?.position ?? 0) }
  }

  /// The metrics in a plot along the layers: first those that are defined only after masks are undone.
  package static func series(of plot: Plot, isMasked: Bool) -> [Metric] {
    let shown = all.filter { $0.plot == plot }
    return (isMasked ? shown.filter(\.needsMask) : []) + shown.filter { !$0.needsMask }
  }

  /// A value as text.
  func text(_ value: Double?) -> String {
    switch unit {
    case .number(let decimals): Figures.fixed(value, decimals)
    case .share: Figures.percent(value)
    }
  }
}

extension Metric.Plot {
  /// The HTML identifier.
  package var id: String {
    switch self {
    case .cosines: "cosines"
    case .distances: "distances"
    }
  }

  /// The title over the plot.
  package var title: String {
    switch self {
    case .cosines: "Cosine of each layer"
    case .distances: "Distance of each layer"
    }
  }

  /// The least value to which the axis reaches; 0 for distances, whose scale follows the values.
  package var ceiling: Double {
    switch self {
    case .cosines: 1
    case .distances: 0
    }
  }
}
