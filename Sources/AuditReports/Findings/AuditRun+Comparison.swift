import CardFindings
import Lineage
import ModelAnatomy
import Reports
import TensorFiles
package import Unmask
import WeightSimilarity

extension AuditRun {
  /// The run of `unmask compare`. `isFailing`: whether `--fail-on` names the relation of the pair; `isCardFailing`: whether it names the
  /// outcome of the card. `hashes`: whether the content hashes are computed too; see `AuditModel`.
  package init(
    _ result: ComparisonResult, _ models: (candidate: Model, foundation: Model), hashes: Bool, isFailing: Bool,
    isCardFailing: Bool,
    end: End, _ run: RunSettings
  ) throws(UnmaskError) {
    let candidate = try AuditModel(models.candidate, hashes: hashes, run)
    let foundation = try AuditModel(models.foundation, hashes: hashes, run)
    var pair = AuditFinding(result, of: 0, candidate, foundation, isFailing: isFailing)
    pair.regions = AuditFinding.regions(of: result, in: models.candidate)
    var found = [pair]
    if let card = result.card?.finding {
      var finding = AuditFinding(
        AuditRule(card.outcome), of: 0, message: "\(candidate.name) and its card: \(card.outcome.rawValue). \(card.summary)")
      finding.isFailing = isCardFailing
      found.append(finding)
    }
    self.init(
      command: "compare", rules: AuditRule.relations + (result.card == nil ? [] : AuditRule.outcomes), models: [candidate],
      end: end,
      findings: found)
  }
}

extension AuditFinding {
  /// What a comparison says of its candidate.
  init(_ result: ComparisonResult, of index: Int, _ candidate: AuditModel, _ foundation: AuditModel, isFailing: Bool) {
    let verdict = result.verdict
    var message = "\(candidate.name) against \(foundation.name): \(verdict.relation.rawValue). \(verdict.statement)"
    if !verdict.rewrites.isEmpty { message += " Rewritten: " + verdict.rewrites.map(\.words).joined(separator: "; ") + "." }
    if !verdict.tuning.isEmpty { message += " Tuned: " + verdict.tuning.map(\.words).joined(separator: "; ") + "." }
    self.init(AuditRule(verdict.relation), of: index, message: message)
    self.isFailing = isFailing
    foundations = [Foundation(foundation)]
    figures = Figures(verdict)
    evidence = verdict.evidence
    sharedParts = verdict.sharedParts
    rewrites = verdict.rewrites.map(\.words)
    tuning = verdict.tuning.map(\.words)
    warnings =
      (result.isOneModel ? ["the candidate and the foundation are the same files, so they are always identical"] : [])
      + verdict.warnings
  }

  /// The tensors that carry the evidence of a comparison: those with the foundation's values in the stored coordinates or, after masks were
  /// undone, in the foundation's. Nil for an adapter, whose tensors are changes, and where no tensor is alike.
  static func regions(of result: ComparisonResult, in model: Model) -> [TensorRegion]? {
    guard model.anatomy.adapter == nil else { return nil }
    var names: Set<[UInt8]> = []
    for part in result.parts {
      guard let part = part.result, part.verdict.relation.isKinship else { continue }
      for tensor in part.similarity.tensors where tensor.isMatrix {
        let cosines = [tensor.cosine, tensor.alignedCosine].compactMap(\.self)
        if cosines.contains(where: { TensorSimilarity.isInPlace(cosine: $0) }) { names.insert(Array(tensor.candidate.utf8)) }
      }
    }
    guard !names.isEmpty else { return nil }
    return TensorRegion.runs(of: model.anatomy.checkpoint) { names.contains(Array($0.name.string.utf8)) }
  }
}
