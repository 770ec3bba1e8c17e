import ArgumentParser

/// `--heatmap FILE` and `--report FILE`: pictures and pages in addition to the answer.
struct PictureOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also write a heatmap to this .csv, .svg or .png file: layer × layer in compare, model × model in scan.", valueName: "file"),
    completion: .file(extensions: ["csv", "svg", "png"]))
  var heatmap: String?

  @OptionGroup var report: ReportOption

  func validate() throws {
    if let heatmap { try HeatmapFile.format(of: heatmap) }
  }
}
