import Catalogue
package import CatalogueSearch
import Lineage
package import Pictures
import Reports
import TextFormats

extension Landscape {
  /// The landscape as text: the trees, and where the models that were asked for stand.
  package func text(palette: Palette, width: Int, tables: Int) -> String {
    let asked = marked.map { TerminalText.wrapped(TerminalText.escaped(sentence(on: $0)), width: width) + "\n" }.joined()
    return asked + (asked.isEmpty ? "" : "\n") + tree.text(palette: palette, width: width, tables: tables)
      + "\n" + TerminalText.wrapped(method, width: width) + "\n"
  }

  /// The document of `map --format json`.
  package func json() -> String { document.text }

  /// The document of `map --format json`, schema `unmask.map/1`.
  var document: JSONText {
    .members(
      [
        ("schema", "unmask.map/1"), ("program", Program.name), ("catalogue", .string(catalogue)),
        (
          "models",
          .array(
            models.map { model in
              .object([
                "id": .string(model.id), "name": .string(model.labels.name), "revision": .string(model.labels.revision),
                "path": .optional(model.labels.path), "licence": .optional(model.labels.licence),
                "base": .optional(model.labels.base), "architecture": .optional(model.architecture),
                "parameters": .integer(model.parameters), "layers": .integer(model.layers), "marked": .bool(model.isMarked),
              ])
            })
        ),
      ] + tree.members + [
        ("compared_in_place", .integer(comparedInPlace)), ("compared_neurons", .integer(comparedNeurons)),
        ("left_out", .integer(leftOut)), ("without_neurons", .integer(withoutNeurons)),
      ])
  }

  /// One row for each model, with the edge to its parent.
  package func csv() -> String {
    let head = [
      "model", "marked", "family", "parent", "directed", "confidence", "cosine", "log10_p", "copy_of", "architecture",
      "parameters",
      "layers", "licence", "base", "path",
    ]
    let rows = models.map { model -> String in
      let node = tree.position(of: model.id)
      let edge = node.flatMap { tree.mainEdge(to: $0) }
      let first = node.map { tree.nodes[$0].name } ?? ""
      return CSVText.row([
        model.id, model.isMarked ? "true" : "false", CSVText.number(node.map { tree.nodes[$0].family }),
        edge.map { tree.nodes[$0.parent].name } ?? "", edge.map { $0.isDirected ? "true" : "false" } ?? "",
        CSVText.number(edge?.confidence), CSVText.number(edge?.cosine), CSVText.number(edge?.verdict?.log10P),
        first == model.id ? "" : first, model.architecture ?? "", String(model.parameters), String(model.layers),
        model.labels.licence ?? "", model.labels.base ?? "", model.labels.path ?? "",
      ])
    }
    return CSVText.row(head) + rows.joined()
  }

  /// The trees in the language of Graphviz; models that were asked for are filled.
  package func dot() -> String { tree.dot(marking: Set(marked)) }
}
