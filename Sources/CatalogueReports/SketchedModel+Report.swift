import CatalogueSearch
import Pictures
import Reports
import TextFormats
import Unmask

extension [SketchedModel] {
  /// A line for each model.
  package func text() -> String {
    map { "\($0.outcome.rawValue): \(TerminalText.escaped($0.id)), \(Figures.bytes($0.bytes))\n" }.joined()
  }

  /// The document of `sketch --format json`, schema `unmask.sketch/1`.
  package func json(catalogue: String) -> String {
    JSONText.object([
      "schema": "unmask.sketch/1", "program": Program.name, "catalogue": .string(catalogue),
      "models": .array(
        map { model in
          .object([
            "path": .string(model.path), "model": .string(model.id), "outcome": .string(model.outcome.rawValue),
            "bytes": .integer(model.bytes),
          ])
        }),
    ]).text
  }

  /// One row for each model.
  package func csv() -> String {
    CSVText.row(["path", "model", "outcome", "bytes"])
      + map { CSVText.row([$0.path, $0.id, $0.outcome.rawValue, String($0.bytes)]) }.joined()
  }
}
