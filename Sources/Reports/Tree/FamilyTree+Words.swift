package import Lineage
import Pictures
package import TextFormats

extension FamilyTree {
  /// Roots with at least one descendant.
  package var families: [Int] {
    let parents = Set(edges.map(\.parent))
    return roots.filter(parents.contains)
  }
  /// Nodes without relatives.
  package var strangers: [Int] {
    let parents = Set(edges.map(\.parent))
    return roots.filter { !parents.contains($0) }
  }
  /// Nodes with more than one parent.
  package var mixed: [Int] { nodes.indices.filter { parents(of: $0).count > 1 } }

  /// "34 models, 5 families, 4 mixtures, 2 without relatives".
  var headline: String {
    let readable = findings.models.count { $0.error == nil }
    return [
      Figures.counted(readable, "model"), Figures.counted(families.count, "family", "families"),
      Figures.counted(mixed.count, "mixture"), "\(Figures.grouped(strangers.count)) without relatives",
    ].joined(separator: ", ")
  }

  /// A node with its copies: "llama-a (= llama-a-sharded)".
  package func title(of node: Int) -> String {
    let names = nodes[node].names
    return names.count == 1 ? names[0] : names[0] + " (= " + names.dropFirst().joined(separator: ", ") + ")"
  }

  /// The mixtures that a root is a parent of, if the root has no other children: " (a parent of crossmerge)".
  package func parts(of root: Int) -> String {
    let mixed = children(of: root).isEmpty ? edges.filter { $0.parent == root }.map { nodes[$0.child].name } : []
    return mixed.isEmpty ? "" : " (a parent of \(mixed.joined(separator: ", ")))"
  }

  /// An edge as one line: "llama-a → llama-a-sft", with `──` if there is no direction.
  package func title(of edge: Edge) -> String {
    "\(nodes[edge.parent].name) \(edge.isDirected ? "→" : "──") \(nodes[edge.child].name)"
  }

  /// The pieces of evidence for an edge, each with its odds.
  package func reasons(of edge: Edge) -> [String] {
    let found = edge.evidence.map { item in item.fact.words + (Self.odds(item).map { " (\($0))" } ?? "") }
    return found.isEmpty ? ["no evidence of its own; the direction follows from other edges of the family"] : found
  }

  /// The odds that a piece of evidence gives: "9 : 1", or "1 : 4" if it speaks against the direction; nil if it has no
  /// direction.
  private static func odds(_ evidence: DirectionEvidence) -> String? {
    let logOdds = evidence.logOdds
    guard abs(logOdds) >= 0.05 else { return evidence.isAgainstBoth ? "speaks for siblings" : nil }
    let value = evidence.odds
    if value >= 5000 { return logOdds > 0 ? "certain" : "excluded" }
    let figure = value >= 9.5 ? Figures.grouped(Int(value.rounded())) : Figures.fixed(value, 1)
    return logOdds > 0 ? "\(figure) : 1" : "1 : \(figure)"
  }

  /// The confidence of the edge as a percentage. It is never shown as 100.
  package func sureness(of edge: Edge) -> String { Figures.percent(min(edge.confidence, 0.999)) }

  /// The share of a mixture's parent; empty if there is none.
  package func share(of edge: Edge) -> String { edge.share.map { Figures.fixed($0, 2) } ?? "" }

  /// The edges with a description of the changes by tuning.
  private var toldEdges: [Edge] { edges.filter { !$0.tuning.isEmpty } }

  /// A table of the changes by tuning on the way to each child; nil if no edge has any.
  package var changes: ColumnTable? {
    let told = toldEdges
    guard !told.isEmpty else { return nil }
    var table = ColumnTable([.words("model"), .words("from"), .words("changed")])
    for edge in told {
      table.append([nodes[edge.child].name, nodes[edge.parent].name, edge.tuning.map(\.words).joined(separator: "; ")])
    }
    return table
  }

  /// The changes by tuning as text, for the first `most` edges.
  func changes(most: Int, width: Int, palette: Palette) -> String {
    let told = toldEdges
    guard !told.isEmpty else { return "" }
    var out = "\n" + palette.bold("what changed (models behind a mask are left out)") + "\n"
    for edge in told.prefix(most) {
      let words = "\(title(of: edge)): \(edge.tuning.map(\.words).joined(separator: "; "))"
      out += TerminalText.wrapped(TerminalText.escaped(words), width: width) + "\n"
    }
    return out + (told.count > most ? "… and \(told.count - most) more (--format json lists all)\n" : "")
  }

  /// One row for each edge: child, parent, closeness and confidence.
  package func table(of edges: [Edge]) -> ColumnTable {
    var table = ColumnTable([
      .words("parent"), .words("direction"), .words("child"), .words("relation"), .numbers("cosine"), .numbers("share"),
      .numbers("confidence"), .words("evidence"),
    ])
    for edge in edges {
      table.append([
        nodes[edge.parent].name, edge.isDirected ? "→" : "──", nodes[edge.child].name, relation(of: edge),
        Figures.fixed(edge.cosine, 4), share(of: edge), sureness(of: edge), reasons(of: edge).joined(separator: "; "),
      ])
    }
    return table
  }

  /// The name of an edge's relation in every format: `merged` if the child is a mixture, otherwise the relation in the pair's
  /// verdict; nil without a verdict.
  func relationName(of edge: Edge) -> String? {
    edge.share != nil ? Relation.merged.rawValue : edge.verdict?.relation.rawValue
  }

  /// The name of an edge's relation for text output; "–" if there is none.
  package func relation(of edge: Edge) -> String { relationName(of: edge) ?? "–" }
}
