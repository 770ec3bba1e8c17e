import Catalogue
import CatalogueSearch
import Lineage
import Pictures
import ReportPages
import Reports
import TextFormats

extension Landscape {
  /// The landscape as one HTML file that loads nothing: a picture, a search by name, the neighbourhood of a model, and every family as a
  /// list. Without its script the picture and the lists remain.
  package func html() -> String {
    let families = tree.families
    let alone = tree.strangers
    let marked = Set(self.marked)
    var head: [Markup] = [
      .trusted(Self.style), .element("h1", [:], [.words("The landscape of \(Figures.counted(models.count, "model"))")]),
      ReportPage.figures([
        ("models", Figures.grouped(models.count)), ("families", Figures.grouped(families.count)),
        ("edges with a direction", Figures.grouped(tree.edges.count { $0.isDirected })),
        ("without relatives", Figures.grouped(alone.count)),
      ]),
    ]
    head += marked.sorted().map { node in .element("p", ["class": "lead"], [.words(sentence(on: node))]) }
    let finder = Markup.element(
      "div", ["class": "finder screen", "hidden": "", "id": "finder"],
      [
        .element(
          "label", [:],
          [.words("Search by name "), .empty("input", ["id": "find", "type": "search", "autocomplete": "off", "size": "40"])]),
        .element("button", ["type": "button", "id": "whole"], [.words("whole map")]),
        .element("div", ["id": "found", "aria-live": "polite"], []),
        .element("div", ["id": "near", "aria-live": "polite"], []),
      ])
    return ReportPage.text(
      title: "Landscape of \(Figures.counted(models.count, "model"))", head: head,
      sections: [
        (
          "Map",
          "Each disc is a family, with its likely first model in the middle. A line leads from parent to child; it is dashed where the order "
            + "is not known. Distances on the map mean nothing. With a pointer: wheel to enlarge, drag to move, click a model for its neighbours.",
          [finder, .element("div", ["class": "frame"], [picture])]
        ),
        (
          "Families",
          "Indented below its nearest relative: → descends from it, ─ is related to it. Then the similarity of both, 0 to 1.",
          families.map { list(of: $0, isOpen: families.count <= 12, marked) }
        ),
        (
          "Without relatives", "",
          alone.isEmpty ? [] : [.element("ul", ["class": "alone"], alone.map { item($0, depth: 0, marked) })]
        ),
        ("How it was made", "", [.element("p", [:], [.words(method)])]),
      ], data: tree.edges.count <= ReportPage.mostRows ? document : nil, end: .trusted(Self.script))
  }

  /// What was compared, and what the edges mean.
  var method: String {
    let rest =
      leftOut > 0
      ? ", those most alike first; the last \(Self.mostInVain) of these held no relative, so \(Figures.counted(leftOut, "pair")) less alike were left out"
      : ""
    return "From sketches, not from weights: \(Figures.grouped(comparedInPlace)) pairs were compared in place, "
      + "\(Figures.grouped(comparedNeurons)) by neurons\(rest). p-values are corrected for the number of models. A direction needs evidence "
      + "that has one: layers dropped or repeated, "
      + "widths cut, tokens or experts added. unmask tree weighs more of it where the weights are at hand."
      + (withoutNeurons > 0
        ? " \(Figures.counted(withoutNeurons, "model")) without neurons: relatives of these behind a mask are not seen." : "")
  }

  /// Where a model that was asked for stands.
  func sentence(on node: Int) -> String {
    let name = tree.nodes[node].name
    let family = Figures.counted(tree.nodes.count { $0.family == tree.nodes[node].family }, "model")
    if let edge = tree.mainEdge(to: node) {
      let parent = tree.nodes[edge.parent].name
      return edge.isDirected
        ? "\(name) descends from \(parent), in a family of \(family)."
        : "\(name) is related to \(parent), in a family of \(family)."
    }
    let children = tree.children(of: node)
    if children.isEmpty { return "\(name): nothing found among the other models." }
    return children.allSatisfy(\.isDirected)
      ? "\(name) is the likely first of a family of \(family)."
      : "\(name) is in a family of \(family); which of them came first is not known."
  }

  /// A family as a list that can be folded; it is open if it has a model that was asked for.
  private func list(of root: Int, isOpen: Bool, _ marked: Set<Int>) -> Markup {
    var items: [Markup] = []
    var open = [(node: root, depth: 0)]
    var isMarked = false
    while let next = open.popLast() {
      items.append(item(next.node, depth: next.depth, marked))
      isMarked = isMarked || marked.contains(next.node)
      open += tree.children(of: next.node).reversed().map { ($0.child, next.depth + 1) }
    }
    let summary = Markup.element("summary", [:], [.words("\(tree.nodes[root].name): \(Figures.counted(items.count, "model"))")])
    let list = [summary, Markup.element("ul", ["class": "family"], items)]
    return isMarked || isOpen && items.count <= 60
      ? .element("details", ["open": ""], list) : .element("details", [:], list)
  }

  private func item(_ node: Int, depth: Int, _ marked: Set<Int>) -> Markup {
    let edge = tree.mainEdge(to: node)
    let figures = edge.map { " \(Figures.fixed($0.cosine, 4))" } ?? ""
    let model = self.model(of: node)
    let sizes = "  \(Figures.magnitude(model.parameters)), \(Figures.counted(model.layers, "layer"))"
    let licence = model.labels.licence.map { ", " + $0 } ?? ""
    return .element(
      "li", ["id": "l\(node)", "class": marked.contains(node) ? "marked" : "", "style": "margin-left:\(min(depth, 40))em"],
      [
        .words(edge.map { $0.isDirected ? "→ " : "─ " } ?? ""), .element("b", [:], [.words(tree.title(of: node))]),
        .element("span", ["class": "soft"], [.words(figures + sizes + licence)]),
      ])
  }
}
