/// A run of a command, as the formats of other tools describe it.
package struct AuditRun: Sendable {
  /// What went wrong beside the findings.
  package struct Problem: Sendable {
    package let text: String
    /// The path of the model; nil if there is none.
    package let path: String?
    /// Whether results are missing because of it.
    package let isError: Bool
  }

  /// The end of the run as far as it is known before the document is written.
  package struct End: Sendable {
    package var exitCode: Int
    /// False when the run was interrupted, or the exit code stands for an error.
    package var isSuccessful: Bool { exitCode == 0 || exitCode == 1 }
    /// The date that the user gave; nil without one, since the same input must give the same bytes.
    package var date: ReportDate?

    package init(exitCode: Int, date: ReportDate?) { (self.exitCode, self.date) = (exitCode, date) }
  }

  /// The name of the command: `compare`.
  package let command: String
  /// The rules that its findings may have.
  package let rules: [AuditRule]
  /// The models that findings are about.
  package let models: [AuditModel]
  package let end: End
  package var problems: [Problem] = []
  /// Number of findings.
  package let count: Int
  /// A finding by its number. They are made when they are written: two million would take gigabytes.
  package let finding: @Sendable (Int) -> AuditFinding

  package init(
    command: String, rules: [AuditRule], models: [AuditModel], end: End, count: Int,
    finding: @escaping @Sendable (Int) -> AuditFinding
  ) {
    (self.command, self.rules, self.models, self.end) = (command, rules, models, end)
    (self.count, self.finding) = (count, finding)
  }

  package init(command: String, rules: [AuditRule], models: [AuditModel], end: End, findings: [AuditFinding]) {
    self.init(command: command, rules: rules, models: models, end: end, count: findings.count) { findings[$0] }
  }
}
