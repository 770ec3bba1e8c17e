import Lineage
import Pictures
import Reports
import TextFormats
import Unmask

extension ComparisonReport {
  /// How the verdict came about, test by test, and what was not tested.
  var proceeding: [Page.Section] {
    let tables = parts.compactMap { part -> Markup? in
      guard let steps = part.result?.steps, !steps.isEmpty else { return nil }
      return Self.table(of: steps).html(caption: parts.count > 1 ? part.name : "in the order of the tests", long: [2])
    }
    return [
      Page.Section(
        title: ComparisonReport.explanationTitle.prefix(1).uppercased() + ComparisonReport.explanationTitle.dropFirst(),
        note: "Every test that unmask has for two models: what it found, or why it was not made.",
        content: tables.isEmpty ? [] : tables + [.paragraph(rule)]),
      Page.Section(title: "What was not tested", content: [.list(untested)]),
    ]
  }

  /// One row for each test.
  private static func table(of records: [StepRecord]) -> ColumnTable {
    let told = ExplainedStep.all(records)
    var table = ColumnTable([.words("test"), .words("made"), .words("finding, or the reason")])
    for step in ComparisonStep.allCases {
      if let place = records.firstIndex(where: { $0.step == step }) {
        let words = told[place].findings + [told[place].conclusion].filter { !$0.isEmpty }
        table.append([step.subject, records[place].finding.isMade ? "yes" : "not possible", words.joined(separator: " ")])
        continue
      }
      // The record before the gap knows why the comparison went past it.
      let before = records.last { $0.step.position < step.position }
      table.append([step.subject, "no", before.map { step.reason(after: $0.decision.reason) } ?? "not requested"])
    }
    return table
  }

  /// What the result does not speak of, one sentence each: first what is particular to this pair.
  private var untested: [String] {
    var found: [String] = []
    if let coverage = verdict.coverage, coverage < 1 {
      found.append(
        "\(Words.percent(1 - coverage)) of the candidate's parameters have no counterpart of the same role, layer and shape, and were not "
          + "compared.")
    }
    for (side, names) in [("candidate", unmatched.candidate), ("foundation", unmatched.foundation)] where !names.isEmpty {
      found.append("\(Figures.counted(names.count, "tensor")) of the \(side) without a counterpart (see the list at the end).")
    }
    let alone = parts.filter { $0.result == nil }.map(\.name)
    if !alone.isEmpty { found.append("Parts of the candidate without a counterpart: \(alone.joined(separator: ", ")).") }
    if card == nil { found.append("The model card was not read (--card).") }
    return found + [
      "Who came first. The weights of two models have no direction: two children of one parent, and two trainings from one random start, "
        + "are related like parent and child.",
      "Distillation and training data. A student that learnt only from the answers of a teacher has nothing of its weights.",
      "Names, configuration files, tokenizers and program code. They are no evidence here, and prove nothing about the weights.",
    ]
      + (verdict.relation == .independent
        ? ["Training so long, or changes so strong, that nothing of a foundation is left. That looks like an independent model."]
        : [])
  }
}

extension StepRecord.Finding {
  /// Whether the step could be made.
  fileprivate var isMade: Bool {
    switch self {
    case .impossible, .tooDeep, .notMeasured: false
    case .alike, .movedLayers, .searched, .aligned, .gains, .changed: true
    }
  }
}

extension ComparisonStep {
  /// What the step compares.
  fileprivate var subject: String {
    switch self {
    case .inPlace: "weights at their stored positions"
    case .layerOrder: "layers in another order"
    case .tables: "neurons in any order, with a basis of its own in every layer"
    case .neurons: "neurons in any order, in one basis"
    case .heads: "attention heads in any order and basis"
    case .alignment: "all weights, with masks undone"
    case .gains: "gains of the norms"
    case .change: "what tuning changed"
    }
  }

  /// The place in the order of the steps.
  fileprivate var position: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Why the step was not made, after an earlier step ended with `reason`.
  fileprivate func reason(after reason: Escalation.Decision.Reason) -> String {
    switch reason {
    case .quick: "not requested: --depth quick compares weights at their stored positions only"
    case .allEqual: "not needed: every element is equal"
    case .allInPlace: "not needed: the models are related, and every matrix is at the place of its counterpart"
    case .neuronsMatch where self == .heads: "not needed: matched neurons tell the order and the basis"
    case .related where self == .heads: "not needed: a common origin is known already"
    case .neuronsMatch where self == .gains, .done where self == .gains, .measurable where self == .gains:
      "compared together with the weights, with masks undone"
    default:
      self == .alignment ? "not possible: no order and no basis was found that could be undone" : "not needed for this result"
    }
  }
}
