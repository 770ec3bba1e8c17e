import Lineage
package import Pictures
import TextFormats

extension FamilyTree {
  /// The tree as text: each family as an indented tree, the evidence for its edges, and the models without relatives; at most
  /// `most` lines of each.
  ///
  /// `width` is the width of paragraphs in columns. `tables` is the width of tables in columns (default: `width`); tables cut
  /// long names.
  package func text(palette: Palette, width: Int = 80, tables: Int? = nil, most: Int = 400) -> String {
    var out = palette.bold(headline) + "\n"
    if findings.isInterrupted { out += "\n" + palette.alarm("interrupted: not all pairs were compared") + "\n" }
    let lines = families.map { root in [line(root, nil, "")] + below(root, margin: "") }
    var table = ColumnTable([.names("model"), .words("relation"), .numbers("cosine"), .numbers("confidence")])
    let all = Array(lines.joined(separator: [["", "", "", ""]]))
    for line in all.prefix(most) { table.append(line) }
    if !table.isEmpty { out += "\n" + table.text(width: tables ?? width, paintTitle: palette.bold) }
    if all.count > most { out += "… and \(all.count - most) more (--format json lists all)\n" }
    if !all.isEmpty { out += "\n" + TerminalText.wrapped(Self.legend, width: width) + "\n" }
    let alone = strangers.map { TerminalText.escaped(title(of: $0)) }
    if !alone.isEmpty {
      let more = alone.count > most ? " and \(alone.count - most) more" : ""
      out +=
        "\n" + TerminalText.wrapped("without relatives here: " + alone.prefix(most).joined(separator: ", ") + more, width: width)
        + "\n"
    }
    if !edges.isEmpty { out += "\n" + palette.bold("evidence for each edge (odds of the direction shown)") + "\n" }
    for edge in edges.prefix(most) {
      let words = "\(title(of: edge)): " + reasons(of: edge).joined(separator: "; ")
      out += TerminalText.wrapped(TerminalText.escaped(words), width: width) + "\n"
    }
    if edges.count > most { out += "… and \(edges.count - most) more (--format csv or json lists all)\n" }
    out += changes(most: most, width: width, palette: palette)
    if findings.notLookedAt > 0 {
      let sentence = ScanFindings.sentence(notLookedAt: findings.notLookedAt)
      out += "\n" + palette.alarm(TerminalText.wrapped(sentence, width: width)) + "\n"
    }
    return out + findings.errorLines(most: most, palette: palette, width: width)
  }

  /// The meaning of the lines and of the last column.
  static let legend =
    "─▶: the lower model descends from the upper one. ──: they are related, and the weights do not tell which came first. The confidence of a "
    + "line is how sure it is that the lower model came from the upper one; that of a root, that no model here is its parent."

  /// The lines below a node, with the branches that lead to them.
  private func below(_ node: Int, margin: String) -> [[String]] {
    // This is not recursive, because a chain of thousands of models is also a tree.
    var lines: [[String]] = []
    var open = Self.stacked(children(of: node), margin)
    while let (edge, margin, isLast) = open.popLast() {
      lines.append(line(edge.child, edge, margin + (isLast ? "└" : "├") + (edge.isDirected ? "─▶ " : "── ")))
      open += Self.stacked(children(of: edge.child), margin + (isLast ? "   " : "│  "))
    }
    return lines
  }

  /// The edges as a stack, with the first one on top.
  private static func stacked(_ edges: [Edge], _ margin: String) -> [(edge: Edge, margin: String, isLast: Bool)] {
    edges.enumerated().map { ($1, margin, $0 == edges.count - 1) }.reversed()
  }

  private func line(_ node: Int, _ edge: Edge?, _ branch: String) -> [String] {
    let others = parents(of: node).filter { !$0.isMain }
    var name = branch + title(of: node)
    if let edge, !others.isEmpty {
      let parts = others.map { other in (share(of: other) + " " + nodes[other.parent].name) }
      name += ": \(share(of: edge)) with " + parts.joined(separator: " + ")
    }
    guard let edge else { return [name + parts(of: node), "root", "", Figures.percent(min(nodes[node].rootProbability, 0.999))] }
    return [name, relation(of: edge), Figures.fixed(edge.cosine, 4), sureness(of: edge)]
  }
}
