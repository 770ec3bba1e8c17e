package import CardFindings
import Lineage
import ModelCards
package import TextFormats

extension CardFinding {
  /// The members of a document about a card.
  var json: JSONText {
    .object([
      "declared": .strings(card.bases.map(\.name)), "relation": .optional(card.relation?.rawValue),
      "licence": .optional(card.licence), "outcome": .string(outcome.rawValue), "summary": .string(summary),
      "problem": .optional(card.problem?.words),
      "bases": .array(
        bases.map { base in
          .object([
            "name": .string(base.base.name), "source": .string(base.base.source.words), "outcome": .string(base.outcome.rawValue),
            "relation": .optional(base.relation?.rawValue), "found_by": .optional(base.identity?.words),
            "path": .optional(base.path), "summary": .string(base.sentence),
          ])
        }),
    ])
  }

  /// One row for each declared base.
  package var table: ColumnTable {
    var table = ColumnTable([
      .words("declared base"), .words("outcome"), .words("weights"), .words("found by"), .words("compared with"),
    ])
    for base in bases {
      table.append([
        base.base.shown, base.outcome.rawValue, base.relation?.rawValue ?? "not compared", base.identity?.words ?? "–",
        base.path ?? "–",
      ])
    }
    return table
  }
}

extension DeclaredBase.Source {
  /// Where the declaration stands, in JSON and CSV.
  var words: String {
    switch self {
    case .card: "card"
    case .adapterConfiguration: "adapter_config.json"
    }
  }
}
