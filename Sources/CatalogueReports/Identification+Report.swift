import Catalogue
import CatalogueSearch
import Lineage
import Pictures
import Reports
import Sketches
import TextFormats
import Unmask

extension [Identification] {
  /// The answer in a format: text, json or csv.
  package func answer(_ format: String, catalogue: String, width: Int) -> String {
    switch format {
    case "json": json(catalogue: catalogue)
    case "csv": csv()
    default: map { $0.text(catalogue: catalogue, width: width) }.joined(separator: "\n")
    }
  }

  /// The document of `identify --format json`, schema `unmask.identify/1`.
  private func json(catalogue: String) -> String {
    JSONText.object([
      "schema": "unmask.identify/1", "program": Program.name, "catalogue": .string(catalogue),
      "models": .array(
        map { model in
          .object([
            "model": .string(model.model), "relation": .string(model.relation.rawValue),
            "components": .array(model.parts.map(\.json)),
          ])
        }),
    ]).text
  }

  private func csv() -> String {
    let head = [
      "model", "component", "relation", "rank", "known", "known_revision", "known_component", "kin", "score", "log10_p",
      "in_place_cosine",
      "neuron_share", "layer_share", "layers", "equal_share", "confirmed",
      "mixture_share",
    ]
    return CSVText.row(head)
      + flatMap { model in
        model.parts.flatMap { part -> [String] in
          let start = [model.model, part.name, part.relation.rawValue]
          if part.matches.isEmpty { return [CSVText.row(start + head.dropFirst(3).map { _ in "" })] }
          return part.matches.enumerated().map { rank, match in
            CSVText.row(start + [String(rank + 1)] + match.cells + [part.share(of: match)])
          }
        }
      }.joined()
  }
}

extension Identification {
  fileprivate func text(catalogue: String, width: Int) -> String {
    var out = TerminalText.escaped(model) + ": " + parts[0].relation.words + "\n"
    for part in parts {
      if parts.count > 1 { out += "\n" + TerminalText.escaped(part.name) + ": " + part.relation.words + "\n" }
      if !part.matches.isEmpty {
        var table = ColumnTable([
          .names("known model"), .words("relation"), .numbers("score"), .numbers("log10 p"), .words("by"), .numbers("layers"),
          .words("from layers"),
        ])
        for match in part.matches {
          let found = match.match
          table.append([
            match.labels.id, match.relation, Figures.fixed(found.score, 4), Figures.fixed(found.log10P, 1),
            found.log10P > SketchMatch.log10Hint ? "" : found.isInPlace ? "in place" : "neurons",
            found.isKin ? Words.percent(found.mappedShare) : "", found.map,
          ])
        }
        out += table.text(width: width)
      }
      let searched =
        "\(Figures.counted(part.searched, "known part")) searched; compared in full: \(part.comparedInPlace) in place, "
      out += TerminalText.wrapped("\(searched)\(part.comparedNeurons) by neurons", width: width) + "\n"
      for match in part.matches {
        if let relation = match.confirmed {
          out += "compared with the weights of \(TerminalText.escaped(match.labels.id)): \(relation.rawValue)\n"
        }
        if let problem = match.problem { out += "not compared with the weights: \(TerminalText.escaped(problem))\n" }
      }
      if let mixture = part.mixture {
        out += TerminalText.wrapped(TerminalText.escaped(mixture.words), width: width) + "\n"
      }
      if let doubt = part.doubt {
        out += TerminalText.wrapped(doubt.words(model: TerminalText.escaped(model), part), width: width) + "\n"
      }
    }
    return out
  }
}

extension Identification.Part {
  fileprivate var json: JSONText {
    .object([
      "component": .string(name), "relation": .string(relation.rawValue), "reason": .optional(doubt?.code),
      "searched": .integer(searched), "compared_in_place": .integer(comparedInPlace),
      "compared_neurons": .integer(comparedNeurons),
      "matches": .array(matches.map(\.json)), "mixture": mixture?.json ?? .null,
    ])
  }

  /// The share of a known part in the mixture; empty if it has none.
  fileprivate func share(of match: Identification.Match) -> String {
    CSVText.number(mixture?.parents.first { $0.labels == match.labels && $0.part == match.part }?.share)
  }
}

extension Identification.Mixture {
  fileprivate var words: String {
    let names = parents.map { "\($0.labels.id) (about \(Figures.fixed($0.share, 2)))" }
    return
      "its signs lie between those of \(names.joined(separator: ", ")); log10 p \(Figures.fixed(log10P, 1)): a merge of them, or a step "
      + "of one training on the way from one to another"
  }

  fileprivate var json: JSONText {
    .object([
      "log10_p": .number(log10P),
      "parents": .array(
        parents.map { parent in
          .object([
            "name": .string(parent.labels.name), "revision": .string(parent.labels.revision),
            "component": .string(parent.part), "share": .number(parent.share),
          ])
        }),
    ])
  }
}

extension Identification.Match {
  fileprivate var relation: String { match.isKin ? "derived" : match.log10P <= SketchMatch.log10Hint ? "hint" : "none" }

  fileprivate var json: JSONText {
    .object([
      "name": .string(labels.name), "revision": .string(labels.revision), "path": .optional(labels.path),
      "component": .string(part), "kin": .bool(match.isKin), "score": .number(match.score), "log10_p": .number(match.log10P),
      "in_place_cosine": .optional(match.inPlace?.cosine),
      "in_place_log10_p": .optional(match.inPlace.map { _ in match.log10InPlace }),
      "neuron_share": .optional(match.neurons?.share), "neuron_log10_p": .optional(match.neurons.map { _ in match.log10Neurons }),
      "equal_share": .optional(match.inPlace?.equalShare), "layer_share": .number(match.mappedShare),
      "layers": .array(match.mappedLayers.map { .object(["layer": .integer($0.layer), "from": .integer($0.origin)]) }),
      "confirmed": .optional(confirmed?.rawValue), "confirmation_problem": .optional(problem),
    ])
  }

  /// The cells of a row of CSV, from the known model's name on.
  fileprivate var cells: [String] {
    [
      labels.name, labels.revision, part, match.isKin ? "true" : "false", CSVText.number(match.score),
      CSVText.number(match.log10P),
      CSVText.number(match.inPlace?.cosine), CSVText.number(match.neurons?.share), CSVText.number(match.mappedShare), match.map,
      CSVText.number(match.inPlace?.equalShare), confirmed?.rawValue ?? "",
    ]
  }
}

extension SketchMatch {
  /// "0–3, 4←2": layers that come from the layer of the same number, and others with the layer that they come from.
  fileprivate var map: String {
    let same = mappedLayers.filter { $0.layer == $0.origin }.map(\.layer)
    let moved = mappedLayers.filter { $0.layer != $0.origin }.map { "\($0.layer)←\($0.origin)" }
    return ((same.isEmpty ? [] : [Words.ranges(same)]) + moved).joined(separator: ", ")
  }
}
