import Lineage
import Pictures
import Reports
package import Unmask

extension AuditRun {
  /// The run of `unmask scan`. `failing`: the relations that `--fail-on` names. `hashes`: whether the content hashes are computed too; see
  /// `AuditModel`. A model that could not be read to its end has none.
  package init(
    _ result: ScanResult, of collection: ModelCollection, hashes: Bool, failing: Set<Unmask.Relation>, end: End,
    _ run: RunSettings
  ) throws(UnmaskError) {
    let findings = result.findings
    let lost = Set(findings.unreadable.map { Array($0.id.utf8) })
    var models: [AuditModel] = []
    for model in collection.models {
      models.append(try AuditModel(model.whole, id: model.id, hashes: hashes && !lost.contains(Array(model.id.utf8)), run))
    }
    let read = models
    let pairs = findings.pairs
    let places = Dictionary(read.enumerated().map { (Array($1.id.utf8), $0) }, uniquingKeysWith: { first, _ in first })
    let place = pairs.ids.map { places[Array($0.utf8)] }
    let descent = Lineage.Descent(result.tree, ids: pairs.ids)
    // A named foundation is one; without names the order of a pair says something only where the tree does.
    let isNamed = findings.foundations.count < read.count
    let mixtures = findings.mixtures.filter { places[Array($0.candidate.utf8)] != nil }
    // A model that was lost has no pairs.
    let shown = pairs.indices.filter { place[pairs.candidate($0)] != nil && place[pairs.foundation($0)] != nil }
    self.init(
      command: "scan", rules: AuditRule.relations, models: read, end: end, count: mixtures.count + shown.count
    ) { number in
      if number < mixtures.count { return AuditFinding(mixtures[number], places, read, failing) }
      let index = shown[number - mixtures.count]
      guard let candidate = place[pairs.candidate(index)], let foundation = place[pairs.foundation(index)] else {
        preconditionFailure("pairs that are shown have models")
      }
      let isDirected = descent.isKnown(of: pairs.candidate(index), from: pairs.foundation(index))
      var finding = AuditFinding(pairs[index], of: candidate, read[candidate], read[foundation], isDirected: isDirected)
      finding.isFailing = failing.contains(Unmask.Relation(rawValue: pairs.relation(index).rawValue) ?? .insufficient)
      finding.descent = isNamed || isDirected ? .ancestor : .unknown
      return finding
    }
    problems =
      findings.models.compactMap { model in model.error.map { Problem(text: $0, path: model.path, isError: true) } }
      + findings.skipped.map { folder in
        Problem(
          text: "not compared, because the format of the weights is not supported: \(folder.id) (\(folder.format))",
          path: folder.path,
          isError: false)
      } + findings.sharedParts.map { Problem(text: $0.sentence, path: nil, isError: false) }
    if findings.notLookedAt > 0 {
      problems.append(
        Problem(
          text: "\(Figures.counted(findings.notLookedAt, "pair")) were not compared in full (--max-comparisons)", path: nil,
          isError: false))
    }
  }
}

extension AuditFinding {
  /// What a scan says of a pair. Scans keep no evidence; a comparison of the pair has it.
  fileprivate init(_ pair: ScanPair, of index: Int, _ candidate: AuditModel, _ foundation: AuditModel, isDirected: Bool) {
    let verdict = pair.verdict
    var message =
      "\(pair.candidate) against \(pair.foundation): \(verdict.relation.rawValue). \(AuditRule(verdict.relation).meaning)"
    let figures = [
      ("coverage", verdict.coverage.map { Pictures.Figures.percent($0) }),
      ("cosine", verdict.cosine.map { Pictures.Figures.fixed($0, 4) }),
      ("log10 p", verdict.log10P.map { Pictures.Figures.fixed($0, 1) }),
    ].compactMap { name, value in value.map { "\(name) \($0)" } }
    if !figures.isEmpty { message += " Figures: " + figures.joined(separator: ", ") + "." }
    if isDirected { message += " The family tree says that the candidate comes from the foundation." }
    self.init(AuditRule(verdict.relation), of: index, message: message)
    foundations = [Foundation(foundation)]
    self.figures = AuditFinding.Figures(verdict)
    rewrites = verdict.rewrites.map(\.words)
    tuning = verdict.tuning.map(\.words)
    warnings = verdict.warnings
  }

  /// What a scan says of a mixture.
  fileprivate init(
    _ mixture: ScanFindings.MixedModel, _ places: [[UInt8]: Int], _ models: [AuditModel], _ failing: Set<Unmask.Relation>
  ) {
    let place = { (id: String) in places[Array(id.utf8)] }
    self.init(
      .merged, of: place(mixture.candidate) ?? 0, message: "Mixture: \(mixture.sentence). \(AuditRule.merged.explanation)")
    foundations = mixture.parents.compactMap { parent in
      place(parent.model).map { Foundation(models[$0], share: parent.share) }
    }
    isFailing = failing.contains(.merged)
  }
}
