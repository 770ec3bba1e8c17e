import ArgumentParser

/// `--report FILE`: a page in addition to the answer.
struct ReportOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also write a report to this .html file, to be handed over: one page with evidence, method and limits that loads nothing else.",
      valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  func validate() throws {
    if let report, !report.lowercased().hasSuffix(".html") {
      throw ValidationError("--report \(report): the name of the file must end in .html")
    }
  }

  /// The file, if one was requested; see `OutputFile`.
  func file(inputs: [String]) throws(Failure) -> OutputFile? {
    guard let report else { return nil }
    return try OutputFile(report, inputs: inputs)
  }
}
