import Lineage
import Pictures
import Reports

/// One family as a picture with one row for each model. Children are below their parent and to the right of it. Arrows mark a
/// known direction, dashed lines an unknown one. Arcs come from the further parents of mixtures.
struct TreePicture {
  private let tree: FamilyTree
  private let root: Int
  /// The rows from top to bottom.
  private var rows: [(node: Int, depth: Int, edge: FamilyTree.Edge?)] = []
  private var rowOf: [Int: Int] = [:]

  /// The maximum number of rows in a picture.
  static let mostRows = 400
  private static let (pitch, step, left, top) = (26, 26, 18, 18)

  /// The family below `root`.
  init(_ tree: FamilyTree, root: Int) {
    (self.tree, self.root) = (tree, root)
    var open: [(node: Int, depth: Int, edge: FamilyTree.Edge?)] = [(root, 0, nil)]
    while let row = open.popLast(), rows.count < Self.mostRows {
      rowOf[row.node] = rows.count
      rows.append(row)
      open += tree.children(of: row.node).reversed().map { ($0.child, row.depth + 1, $0) }
    }
  }

  /// Whether every model of the family has a row.
  var isWhole: Bool { rows.allSatisfy { row in tree.children(of: row.node).allSatisfy { rowOf[$0.child] != nil } } }

  /// The picture. It takes its colours from the page. `id` is unique in the page.
  func svg(id: String) -> Markup {
    let width = rows.map { Self.x($0.depth) + 20 + Self.length(label($0)) }.max() ?? 0
    let height = Self.top + rows.count * Self.pitch
    var parts: [Markup] = [
      .element("title", ["id": id + "-title"], [.words("The family of \(tree.nodes[root].name)")]),
      .element(
        "desc", ["id": id + "-desc"],
        [.words("\(Figures.counted(rows.count, "model")); the table of edges says the same in words.")]),
    ]
    for row in rows { if let edge = row.edge, let from = rowOf[edge.parent] { parts += line(edge, from, row.depth) } }
    for row in rows {
      for edge in tree.parents(of: row.node) where !edge.isMain { if let from = rowOf[edge.parent] { parts += arc(edge, from) } }
    }
    for (number, row) in rows.enumerated() { parts += dot(row, number) }
    return .element(
      "svg",
      [
        "class": "tree", "viewBox": "0 0 \(width) \(height)", "width": String(width), "height": String(height), "role": "img",
        "aria-labelledby": "\(id)-title \(id)-desc",
      ], parts)
  }

  private static func x(_ depth: Int) -> Int { left + depth * step }
  private static func y(_ row: Int) -> Int { top + row * pitch }
  /// An estimate of the space for a label, since the widths of the font are not known here.
  private static func length(_ text: String) -> Int { TerminalText.columns(of: text) * 8 + 12 }

  /// The label of a row, with a name that fits. The table has the full name.
  private func label(_ row: (node: Int, depth: Int, edge: FamilyTree.Edge?)) -> String { name(row.node) + figures(row) }

  private func name(_ node: Int) -> String { TerminalText.cut(TerminalText.escaped(tree.title(of: node)), to: 72) }

  private func figures(_ row: (node: Int, depth: Int, edge: FamilyTree.Edge?)) -> String {
    guard let edge = row.edge else { return TerminalText.cut(TerminalText.escaped(tree.parts(of: row.node)), to: 72) }
    let others = tree.parents(of: row.node).filter { !$0.isMain }
    let cut = { (node: Int) in TerminalText.cut(TerminalText.escaped(tree.nodes[node].name), to: 32) }
    let parts = others.map { other in "\(tree.share(of: other)) \(cut(other.parent))" }
    let mixture = others.isEmpty ? "" : "  \(tree.share(of: edge)) with \(parts.joined(separator: " + "))"
    return mixture + "  \(Figures.fixed(edge.cosine, 4))  \(tree.sureness(of: edge))"
  }

  /// A line from the parent down and then right to the child.
  private func line(_ edge: FamilyTree.Edge, _ from: Int, _ depth: Int) -> [Markup] {
    guard let to = rowOf[edge.child] else { return [] }
    let (x, end, y) = (Self.x(depth - 1), Self.x(depth) - 7, Self.y(to))
    let path = "M\(x) \(Self.y(from) + 6)V\(y - 6)Q\(x) \(y) \(x + 6) \(y)H\(end)"
    return [.empty("path", ["class": edge.isDirected ? "descent" : "descent open", "d": path])]
      + (edge.isDirected ? [arrow(end, y)] : [])
  }

  /// An arc from a further parent around the left side.
  private func arc(_ edge: FamilyTree.Edge, _ from: Int) -> [Markup] {
    guard let to = rowOf[edge.child] else { return [] }
    let (x1, y1, x2, y2) = (Self.x(rows[from].depth), Self.y(from), Self.x(rows[to].depth), Self.y(to))
    let bend = max(2, min(x1, x2) - Self.step)
    return [
      .empty("path", ["class": "descent second", "d": "M\(x1 - 5) \(y1)C\(bend) \(y1) \(bend) \(y2) \(x2 - 7) \(y2)"]),
      arrow(x2 - 7, y2),
    ]
  }

  private func arrow(_ x: Int, _ y: Int) -> Markup { .empty("path", ["class": "head", "d": "M\(x + 2) \(y)l-7 -4v8z"]) }

  private func dot(_ row: (node: Int, depth: Int, edge: FamilyTree.Edge?), _ number: Int) -> [Markup] {
    let (x, y) = (Self.x(row.depth), Self.y(number))
    let words = row.edge.map { tree.reasons(of: $0).joined(separator: "; ") } ?? "nothing here is its ancestor"
    return [
      .element(
        "g", [:],
        [
          .element("title", [:], [.words(row.edge.map { tree.title(of: $0) + ": " + words } ?? words)]),
          .empty("circle", ["class": row.edge == nil ? "node root" : "node", "cx": String(x), "cy": String(y), "r": "5"]),
          .element(
            "text", ["x": String(x + 12), "y": String(y + 4), "class": "ink"],
            [.words(name(row.node)), .element("tspan", ["class": "soft"], [.words(figures(row))])]),
        ])
    ]
  }
}
