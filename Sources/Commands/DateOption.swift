import ArgumentParser
package import AuditReports

extension ReportDate: ExpressibleByArgument {
  /// The date of an argument; nil for a text that is none.
  package init?(argument: String) { self.init(argument) }
}

/// `--date`: the date in report pages and in documents for other tools.
struct DateOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The date in a report page, and in sarif and cyclonedx: 2026-11-30 or 2026-11-30T17:00:00Z (default: none, so that the same input "
        + "gives the same bytes).", valueName: "date"))
  var date: ReportDate?

  /// The end of a run with this exit code.
  func end(exitCode: Int32) -> AuditRun.End { AuditRun.End(exitCode: Int(exitCode), date: date) }
}
