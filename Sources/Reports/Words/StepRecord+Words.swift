import Lineage
import Pictures
import Unmask

extension StepRecord {
  /// What was done in this step.
  var title: String {
    switch step {
    case .inPlace: "Compared each weight with the weight of the same role, layer and position."
    case .layerOrder: "Searched for the candidate's layers among the foundation's layers, in any order."
    case .tables: "Compared the neurons of each layer by their angles to each other, which no order and no rotation changes."
    case .neurons: "Searched for the candidate's neurons in the foundation, in any order and in one basis for the whole model."
    case .heads: "Searched for the candidate's attention heads in the foundation, in any order and basis."
    case .alignment: "Computed the order and the basis of the candidate's weights, and undid them."
    case .gains: "Compared the gains of the norms, which can be folded into the weights that read them."
    case .change: "Measured what tuning changed: which matrices, and in how many directions."
    }
  }

  /// What was found, as sentences. `before`: the record of the step before this one.
  func findings(after before: StepRecord?) -> [String] {
    let coverage =
      step == .inPlace
      ? [
        verdict.coverage.map {
          "\($0 == 1 ? "All" : Words.percent($0)) of the candidate's parameters have a counterpart of the same role, layer and shape."
        } ?? "The candidate has no weights."
      ] : []
    return coverage + newEvidence(after: before).map(\.sentence) + (finding.words.map { [$0] } ?? []) + results
  }

  /// What the step adds to the verdict's facts.
  private var results: [String] {
    switch step {
    case .alignment:
      guard case .aligned(isMasked: true) = finding else { return [] }
      let cosine = verdict.alignedCosine.map { ["Mean cosine after that: \(Figures.fixed($0, 5))."] } ?? []
      return cosine + (verdict.rewrites.isEmpty ? [] : ["Rewrites: \(verdict.rewrites.map(\.words).joined(separator: "; "))."])
    case .change:
      guard case .changed = finding, !verdict.tuning.isEmpty else { return [] }
      return ["That looks like: \(verdict.tuning.map(\.words).joined(separator: "; "))."]
    default: return []
    }
  }

  /// The verdict up to this step, and why the comparison went on or ended.
  var conclusion: String {
    let reason = decision.reason.words
    return decision.next == nil
      ? reason : (["So far: \(verdict.relation.rawValue)."] + (reason.isEmpty ? [] : [reason])).joined(separator: " ")
  }
}

extension StepRecord.Finding {
  /// The finding as a sentence; nil where the evidence says all.
  fileprivate var words: String? {
    switch self {
    case .alike(_, of: 0): "No matrix of a layer has a counterpart."
    case .alike(let alike, of: let matrices):
      "In \(Figures.grouped(alike)) of \(Figures.counted(matrices, "matrix", "matrices")) of the layers, the counterpart explains at least half "
        + "of the energy (cosine² of at least ½)."
    case .movedLayers(nil): "No order of the layers was found."
    case .movedLayers(0): "Each layer that was found has its own number."
    case .movedLayers(let count?): "\(Figures.counted(count, "layer")) of the candidate come from a layer with another number."
    case .impossible: "Not possible: one of the models has nothing of this kind that can be read, or too little."
    case .tooDeep: "Not possible: the models have too many pairs of layers."
    case .searched: nil
    case .aligned(isMasked: true): "They differ from the foundation's: the candidate is a masked copy."
    case .aligned(isMasked: false): "They are those of the foundation: nothing had to be undone."
    case .gains(areFolded: true, areTraded: _): "The gains were folded into the weights."
    case .gains(areFolded: false, areTraded: true): "The gains were traded with the weights."
    case .gains: "The gains were not folded and not traded."
    case .changed(let changed, let measured):
      "\(Figures.counted(changed, "matrix", "matrices")) changed; the directions of the change were measured in \(Figures.grouped(measured)) of them."
    case .notMeasured: "Nothing to measure: that needs related models that differ, and weights at their places."
    }
  }
}

extension Escalation.Decision.Reason {
  /// The reason as a sentence; empty where the step itself says it.
  fileprivate var words: String {
    switch self {
    case .quick: "Only this comparison was requested (--depth quick)."
    case .allEqual: "Every element is equal, so no rewrite has to be searched for."
    case .allInPlace:
      "The models are related, and every matrix is at the place of its counterpart: no rewrite has to be searched for."
    case .notRelated: "A rewrite may hide a common origin, so the search goes on."
    case .displaced: "Some matrices are not at the place of a counterpart and may have been rewritten, so the search goes on."
    case .layersDiffer: "The models have different numbers of layers, so layers may have moved."
    case .thorough: "All searches were requested (--depth thorough)."
    case .cheaperFirst: "The next search sees other rewrites, and tells the order and the basis."
    case .neuronsMatch: "Matched neurons tell the order and the basis of the weights."
    case .related: "There is no order and basis to undo."
    case .measurable, .done: ""
    }
  }
}

extension Lineage.Evidence {
  /// The figures of a test beside those of unrelated models: "0.99747; unrelated models give 0.00170 ± 0.00710 (124 draws)".
  fileprivate var sentence: String {
    var out = "Test \"\(test.words)\": \(figures(null: "; unrelated models give")); \(Self.probability(log10P))."
    if case .tokenTable = test { out += " It does not count for the verdict: a table is often taken over with its tokenizer." }
    return out
  }

  /// A p-value as text. One that is no evidence needs no figure.
  private static func probability(_ log10P: Double) -> String {
    log10P > -1 ? "p-value above 0.1" : "p-value \(Words.power(log10P))"
  }

  /// The value and the null distribution as text. `null`: what stands between them.
  func figures(null: String) -> String {
    let source = draws > 0 ? "\(Figures.counted(draws, "draw"))" : "exact"
    // Zeros with zeros around them would read as a test that was not made.
    if value == 0, nullMean == 0, nullSD == 0 { return "0: nothing was found, and nothing is found by chance (\(source))" }
    return "\(Figures.fixed(value, 5))\(null) \(Figures.fixed(nullMean, 5)) ± \(Figures.fixed(nullSD, 5)) (\(source))"
  }
}
