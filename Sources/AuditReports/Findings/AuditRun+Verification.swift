import CardFindings
import Lineage
import ModelCards
import Reports
package import Unmask

extension AuditRun {
  /// The run of `unmask verify` on `model`, opened as it is stored. `isFailing`: whether `--fail-on` names the outcome. `hashes`: whether
  /// the content hashes are computed too; see `AuditModel`.
  package init(
    _ result: VerificationResult, of model: Model, hashes: Bool, isFailing: Bool, end: End, _ run: RunSettings
  ) throws(UnmaskError) {
    let card = result.card.finding
    let model = try AuditModel(model, hashes: hashes, run)
    var bases: [String: AuditModel] = [:]
    for path in card.bases.compactMap(\.path) where bases[path] == nil {
      // It was opened a moment ago, or is known by its configuration alone.
      guard let base = try? Model(asStored: path) else { continue }
      bases[path] = try AuditModel(base, hashes: hashes, run)
    }
    var findings: [AuditFinding] = []
    for base in card.bases {
      let comparison = result.comparisons.first { $0.base == base.base.name }?.result
      var finding = AuditFinding(
        AuditRule(base.outcome), of: 0, message: "\(model.name) and its card: \(base.outcome.rawValue). \(base.sentence)")
      let known = base.path.flatMap { bases[$0] }
      finding.foundations = [AuditFinding.Foundation(known ?? AuditModel(declared: base.base.name))]
      if let verdict = comparison?.verdict {
        finding.figures = AuditFinding.Figures(verdict)
        finding.evidence = verdict.evidence
        finding.sharedParts = verdict.sharedParts
        finding.rewrites = verdict.rewrites.map(\.words)
        finding.tuning = verdict.tuning.map(\.words)
        finding.warnings = verdict.warnings
      }
      // The outcome of the card decides; a base that agrees with it is one reason.
      finding.isFailing = isFailing && base.outcome == card.outcome
      findings.append(finding)
    }
    if !findings.contains(where: { $0.rule == AuditRule(card.outcome) }) {
      var finding = AuditFinding(
        AuditRule(card.outcome), of: 0, message: "\(model.name) and its card: \(card.outcome.rawValue). \(card.summary)")
      finding.isFailing = isFailing
      findings.append(finding)
    }
    self.init(command: "verify", rules: AuditRule.outcomes, models: [model], end: end, findings: findings)
  }
}

extension AuditModel {
  /// A base that a card names and that is not at hand.
  fileprivate init(declared name: String) {
    self.init(
      id: name, name: name,
      packageURL: Self.repository(name).map { PackageURL(hub: $0.id, commit: $0.revision) } ?? PackageURL(generic: name))
  }
}
