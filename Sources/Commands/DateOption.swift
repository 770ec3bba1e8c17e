import ArgumentParser
package import AuditReports

extension ReportDate: ExpressibleByArgument {
  /// The date of an argument; nil for a text that is none.
  package init?(argument: String) { self.init(argument) }
}

/// `--date`: the date in documents for other tools.
struct DateOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "With --format sarif or cyclonedx: the date in the document, as 2026-11-30 or 2026-11-30T17:00:00Z (default: none, so that the "
        + "same input gives the same bytes).", valueName: "date"))
  var date: ReportDate?

  /// The end of a run with this exit code.
  func end(exitCode: Int32) -> AuditRun.End { AuditRun.End(exitCode: Int(exitCode), date: date) }
}
