/// How a viewer should show a finding: SARIF's `kind` and `level`.
struct Severity: Equatable {
  let kind: String
  let level: String

  /// `isFailing`: whether the user asked for exit code 1 for it. A kind other than `fail` has no level (SARIF 2.1.0, section 3.27.10).
  init(_ rule: AuditRule, isFailing: Bool) {
    (kind, level) =
      if isFailing || rule == .contradicted {
        ("fail", "error")
      } else {
        switch rule {
        case .identical, .derived, .merged, .partial: ("fail", "warning")
        case .independent, .confirmed, .contradicted: ("pass", "none")
        case .insufficient, .unverifiable: ("open", "none")
        case .undeclared: ("notApplicable", "none")
        }
      }
  }
}
