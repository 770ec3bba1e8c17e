package import Lineage
import Pictures

extension FamilyTree {
  /// The graph in the language of Graphviz: arrows from parents to children, lines where there is no direction, dashes to the further parents
  /// of a mixture.
  package func dot() -> String {
    var out = "digraph family {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n  edge [fontname=\"sans-serif\"];\n"
    for (number, node) in nodes.enumerated() { out += "  n\(number) [label=\"\(Self.dotText(node.names))\"];\n" }
    for edge in edges {
      var marks = ["label=\"\(label(of: edge))\""]
      if !edge.isDirected { marks.append("dir=none") }
      if !edge.isMain { marks.append("style=dashed") }
      out += "  n\(edge.parent) -> n\(edge.child) [\(marks.joined(separator: ", "))];\n"
    }
    return out + "}\n"
  }

  /// The graph for Mermaid, which Markdown pages of many sites draw.
  package func mermaid() -> String {
    var out = "flowchart LR\n"
    for (number, node) in nodes.enumerated() { out += "  n\(number)[\"\(Self.mermaidText(node.names))\"]\n" }
    for edge in edges {
      let line = !edge.isDirected ? "---" : edge.isMain ? "-->" : "-.->"
      out += "  n\(edge.parent) \(line)|\"\(label(of: edge))\"| n\(edge.child)\n"
    }
    return out
  }

  /// What is written at an edge: figures alone.
  private func label(of edge: Edge) -> String {
    edge.share.map { Figures.fixed($0, 2) } ?? (edge.cosine == nil ? "" : Figures.fixed(edge.cosine, 4))
  }

  /// Names within quotes, a line each. A backslash begins an escape in Graphviz (`\N` is the node's name), an ampersand an entity.
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

  /// Likewise for Mermaid, which takes marks of its own, of HTML and of Markdown in labels: all but letters, digits and a few are numbers.
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
