import Catalogue
package import CatalogueSearch
import Pictures
import Reports
import TextFormats
import Unmask

extension CatalogueListing {
  /// The answer in a format: text, json or csv.
  package func answer(_ format: String, width: Int) -> String {
    switch format {
    case "json": document.text
    case "csv": csv()
    default: text(width: width)
    }
  }

  private func text(width: Int) -> String {
    var table = ColumnTable([
      .words("model"), .words("revision"), .words("architecture"), .numbers("parameters"), .numbers("layers"), .words("neurons"),
      .words("licence"), .words("base"),
    ])
    for row in rows {
      table.append([
        row.labels.name, row.labels.revision, row.architecture ?? "unknown", Figures.grouped(row.parameters),
        String(row.parts.first?.layers ?? 0), row.parts.contains { $0.neuronBytes != nil } ? "yes" : "no",
        row.labels.licence ?? "",
        row.labels.base ?? "",
      ])
    }
    return table.text(width: width) + Figures.counted(rows.count, "model") + "\n"
  }

  /// All that is known of each model, for people.
  package func details() -> String {
    rows.map { row in
      var facts = [("model", row.labels.name)]
      if !row.labels.revision.isEmpty { facts.append(("revision", row.labels.revision)) }
      facts += [("architecture", row.architecture ?? "unknown"), ("content", row.contentText)]
      for (name, value) in [
        ("path", row.labels.path), ("licence", row.labels.licence), ("base", row.labels.base), ("notes", row.labels.notes),
      ] {
        if let value { facts.append((name, value)) }
      }
      for part in row.parts {
        let neurons = part.neuronBytes.map { " and \(Figures.bytes($0)) of neurons" } ?? ", no neurons"
        facts.append(
          (
            "component",
            "\(part.name): \(Figures.grouped(part.parameters)) parameters, \(Figures.counted(part.layers, "layer")); "
              + "sketch of \(Figures.bytes(part.bytes))\(neurons)"
          ))
      }
      return facts.map { name, value in
        name + String(repeating: " ", count: 16 - name.count) + TerminalText.escaped(value) + "\n"
      }.joined()
    }.joined(separator: "\n")
  }

  /// The document of `catalogue list --format json`, schema `unmask.catalogue/1`.
  private var document: JSONText {
    .object([
      "schema": "unmask.catalogue/1", "program": Program.name, "catalogue": .string(path),
      "models": .array(
        rows.map { row in
          .object([
            "name": .string(row.labels.name), "revision": .string(row.labels.revision),
            "architecture": .optional(row.architecture), "content": .string(row.contentText),
            "path": .optional(row.labels.path), "licence": .optional(row.labels.licence), "base": .optional(row.labels.base),
            "notes": .optional(row.labels.notes),
            "components": .array(
              row.parts.map { part in
                .object([
                  "component": .string(part.name), "parameters": .integer(part.parameters), "layers": .integer(part.layers),
                  "sketch_bytes": .integer(part.bytes), "neuron_bytes": .optional(part.neuronBytes),
                ])
              }),
          ])
        }),
    ])
  }

  private func csv() -> String {
    let head = ["name", "revision", "architecture", "parameters", "layers", "content", "path", "licence", "base", "notes"]
    return CSVText.row(head)
      + rows.map { row in
        let labels = row.labels
        return CSVText.row([
          labels.name, labels.revision, row.architecture ?? "", String(row.parameters), String(row.parts.first?.layers ?? 0),
          row.contentText, labels.path ?? "", labels.licence ?? "", labels.base ?? "", labels.notes ?? "",
        ])
      }.joined()
  }
}
