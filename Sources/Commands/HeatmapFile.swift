import ArgumentParser
import ModelAnatomy
import Reports
import WeightSimilarity

/// Layer × layer matrices and the files they go to.
enum HeatmapFile {
  /// Refuses a path whose ending names no format that can be written.
  static func check(_ path: String) throws {
    guard path.lowercased().hasSuffix(".csv") else { throw ValidationError("--heatmap \(path): the name must end in .csv") }
  }

  /// The matrix of two models, with a progress line.
  static func matrix(
    _ candidate: Anatomy, _ foundation: Anatomy, role: Role?, metric: LayerMatrix.Metric, _ shared: SharedOptions
  ) -> LayerMatrix {
    let products = LayerProducts(candidate: candidate, foundation: foundation, role: role, workers: shared.workers)
    let progress = Progress(total: products.bytes)
    let line = ProgressLine(progress, of: "layer products", options: shared)
    defer { line?.finish() }
    return products.reporting(to: progress).matrix(metric)
  }
}
