package import Lineage
import Pictures

extension FamilyTree {
  /// The graph in the language of Graphviz: arrows from parents to children, lines for edges without a direction, dashed edges
  /// from the further parents of a mixture. An edge has its cosine, or its share in a mixture, and its confidence. The nodes of `marked`
  /// are filled.
  package func dot(marking marked: Set<Int> = []) -> String {
    var out = "digraph family {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n"
    for (number, node) in nodes.enumerated() {
      let mark = marked.contains(number) ? ", style=filled, fillcolor=gold" : ""
      out += "  n\(number) [label=\"\(Self.dotText(node.names))\"\(mark)];\n"
    }
    for edge in edges {
      let figures = [label(of: edge), sureness(of: edge)].filter { !$0.isEmpty }
      var marks = ["label=\"\(figures.joined(separator: "\\n"))\""]
      if !edge.isDirected { marks.append("dir=none") }
      if !edge.isMain { marks.append("style=dashed") }
      out += "  n\(edge.parent) -> n\(edge.child) [\(marks.joined(separator: ", "))];\n"
    }
    return out + "}\n"
  }

  /// The graph for Mermaid, which many sites draw in Markdown pages.
  package func mermaid() -> String {
    var out = "flowchart LR\n"
    for (number, node) in nodes.enumerated() { out += "  n\(number)[\"\(Self.mermaidText(node.names))\"]\n" }
    for edge in edges {
      let line = !edge.isDirected ? "---" : edge.isMain ? "-->" : "-.->"
      out += "  n\(edge.parent) \(line)|\"\(label(of: edge))\"| n\(edge.child)\n"
    }
    return out
  }

  /// The label of an edge: figures only.
  private func label(of edge: Edge) -> String {
    edge.share.map { Figures.fixed($0, 2) } ?? (edge.cosine == nil ? "" : Figures.fixed(edge.cosine, 4))
  }

  /// Names within quotes, one for each line. In Graphviz a backslash begins an escape (`\N` is the node's name) and an
  /// ampersand begins an entity.
  private static func dotText(_ names: [String]) -> String {
    names.map { name in
      TerminalText.escaped(name).unicodeScalars.map { scalar in
        switch scalar {
        case "\\": "\\\\"
        case "\"": "\\\""
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        default: String(scalar)
        }
      }.joined()
    }.joined(separator: "\\n= ")
  }

  /// Names for Mermaid. Mermaid interprets its special characters, HTML and Markdown in labels, so all characters except
  /// letters, digits and a few others are written as numbers.
  private static func mermaidText(_ names: [String]) -> String {
    names.map { name in
      TerminalText.escaped(name).unicodeScalars.map { scalar in
        let isPlain =
          scalar.properties.isAlphabetic || scalar.properties.numericType != nil || [" ", "-", ".", "/"].contains(scalar)
        return isPlain ? String(scalar) : "#\(scalar.value);"
      }.joined()
    }.joined(separator: "<br>#61; ")
  }
}
