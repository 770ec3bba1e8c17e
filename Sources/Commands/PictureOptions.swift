import ArgumentParser

/// `--heatmap FILE` and `--report FILE`: pictures and pages beside the answer.
struct PictureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also write the matrix, layer × layer or model × model, to this .csv, .svg or .png file.", valueName: "file"),
    completion: .file(extensions: ["csv", "svg", "png"]))
  var heatmap: String?

  @Option(
    help: ArgumentHelp(
      "Also write the whole report to this .html file: one page with pictures and tables, that needs nothing else.",
      valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  func validate() throws {
    if let heatmap { try HeatmapFile.format(of: heatmap) }
    if let report, !report.lowercased().hasSuffix(".html") {
      throw ValidationError("--report \(report): the name must end in .html")
    }
  }
}
