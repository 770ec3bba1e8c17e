import AuditReports
import ProgramIdentity
import ReportPages

/// The arguments of the command that runs, for the record in its report.
///
/// A command does not get the words that it was parsed from, and tests run several command lines in one process at the same time.
enum CommandLineRecord {
  /// The arguments, without the program's own name.
  @TaskLocal static var arguments: [String] = []

  /// The record for a page. `date`: as the user gave it. Opens OpenBLAS, whose version is a part of the record.
  static func record(_ date: DateOption) -> RunRecord {
    RunRecord(arguments: arguments, date: date.date?.given, numerics: .current)
  }
}
