import ArgumentParser
import Pictures
import Reports

/// The file of a heatmap. The ending of its name determines its format.
struct HeatmapFile {
  /// The formats of a heatmap.
  enum Format: String, CaseIterable {
    case csv, svg, png

    /// The format that a name ends in.
    init?(ending path: String) {
      guard let found = Self.allCases.first(where: { path.lowercased().hasSuffix("." + $0.rawValue) }) else { return nil }
      self = found
    }
  }

  private let format: Format
  private let file: OutputFile

  /// Opens the file of `--heatmap`; nil if none is requested.
  init?(_ path: String?, inputs: [String]) throws {
    guard let path else { return nil }
    format = try Self.format(of: path)
    file = try OutputFile(path, inputs: inputs)
  }

  /// The format of a path. Refuses a path whose ending is not that of a format.
  @discardableResult static func format(of path: String) throws -> Format {
    guard let format = Format(ending: path) else {
      throw ValidationError("--heatmap \(path): the name of the file must end in .csv, .svg or .png")
    }
    return format
  }

  /// Writes `figures` as CSV, or `picture` (default: `figures`) as a picture.
  func finish(_ figures: Heatmap, picture: Heatmap? = nil) throws(Failure) {
    switch format {
    case .csv: try file.finish(figures.csv())
    case .svg: try file.finish((picture ?? figures).svg())
    case .png: try file.finish((picture ?? figures).png())
    }
  }
}
