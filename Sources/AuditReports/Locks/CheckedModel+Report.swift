import Lineage
import ModelLocks
import Pictures
import Sketches
import TextFormats

extension [CheckedModel] {
  /// The answer of `unmask check` in a format: text, json or csv. `lockFile`: its path as it was given.
  package func answer(_ format: String, lockFile: String, width: Int) -> String {
    switch format {
    case "json": json(lockFile)
    case "csv": csv
    default: text(width: width)
    }
  }

  private func text(width: Int) -> String {
    map { model in
      var out = "\(model.outcome.words): \(TerminalText.escaped(model.locked.place))\n"
      out += TerminalText.wrapped(TerminalText.escaped(model.sentence), width: width) + "\n"
      if !model.locked.foundations.isEmpty {
        let verdicts = model.locked.foundations.map { "\($0.relation.rawValue) against \($0.place)" }.joined(separator: "; ")
        let isHeld = [CheckedModel.Outcome.unchanged, .reencoded].contains(model.outcome)
        let line = "locked verdict\(isHeld ? "" : ", which is about other weights"): \(verdicts)"
        out += TerminalText.wrapped(TerminalText.escaped(line), width: width) + "\n"
      }
      return out
    }.joined(separator: "\n")
  }

  /// The document of `check --format json`, schema `unmask.check/1`.
  private func json(_ lockFile: String) -> String {
    JSONText.object([
      "schema": "unmask.check/1", "lock": .string(lockFile),
      "models": .array(
        map { model in
          .object([
            "model": .string(model.locked.place), "path": .string(model.path), "outcome": .string(model.outcome.rawValue),
            "basis": .optional(model.basis?.rawValue), "summary": .string(model.sentence),
            "locked_content": .optional(model.locked.content), "locked_commit": .optional(model.locked.commit),
            "commit": .optional(model.commit),
            "components": .array(
              model.parts.map { part in
                .object([
                  "component": .string(part.name), "kin": .optional(part.match?.isKin),
                  "cosine": .optional(part.match?.inPlace?.cosine), "neuron_share": .optional(part.match?.neurons?.share),
                  "layer_share": .optional(part.match?.mappedShare), "equal_share": .optional(part.match?.inPlace?.equalShare),
                  "log10_p": .optional(part.match?.log10P),
                ])
              }),
          ])
        }),
    ]).text
  }

  private var csv: String {
    CSVText.row(["model", "path", "outcome", "basis", "cosine", "equal_share", "log10_p", "summary"])
      + map { model in
        CSVText.row([
          model.locked.place, model.path, model.outcome.rawValue, model.basis?.rawValue ?? "",
          CSVText.number(model.main?.inPlace?.cosine), CSVText.number(model.main?.inPlace?.equalShare),
          CSVText.number(model.main?.log10P), model.sentence,
        ])
      }.joined()
  }
}

extension CheckedModel.Outcome {
  /// The outcome as the first words of an answer.
  var words: String {
    switch self {
    case .unchanged: "unchanged"
    case .reencoded: "re-encoded"
    case .tuned: "tuned"
    case .otherModel: "another model"
    case .undecided: "undecided"
    case .missing: "missing"
    case .unreadable: "unreadable"
    }
  }
}
