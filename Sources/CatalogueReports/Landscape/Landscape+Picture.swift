import CatalogueSearch
import Lineage
import Pictures
import Reports

extension Landscape {
  /// The landscape as one picture, in the colours of the page. Each model is a dot with its name; the page's script finds a dot's parent in
  /// `data-parent`.
  var picture: Markup {
    let layout = LandscapeLayout(tree)
    let marked = Set(self.marked)
    let whole = { (value: Double) in Figures.fixed(value, 1) }
    var parts: [Markup] = [
      .element("title", ["id": "map-title"], [.words("The landscape of \(Figures.counted(models.count, "model"))")]),
      .element("desc", ["id": "map-desc"], [.words("Each disc is a family; the lists below say the same in words.")]),
    ]
    for disc in layout.discs {
      parts.append(
        .empty("circle", ["class": "disc", "cx": whole(disc.x), "cy": whole(disc.y), "r": whole(disc.radius)]))
    }
    for isDirected in [true, false] {
      let lines = tree.edges.filter { $0.isDirected == isDirected && $0.isMain }.map { edge in
        let (from, to) = (layout.places[edge.parent], layout.places[edge.child])
        return "M\(whole(from.x)) \(whole(from.y))L\(whole(to.x)) \(whole(to.y))"
      }
      parts.append(.empty("path", ["class": isDirected ? "descent" : "descent open", "d": lines.joined()]))
    }
    for node in tree.nodes.indices {
      let place = layout.places[node]
      let parent = tree.mainEdge(to: node)
      let kind = marked.contains(node) ? "node marked" : parent == nil ? "node root" : "node"
      parts.append(
        .element(
          "circle",
          [
            "class": kind, "id": "m\(node)", "data-parent": parent.map { String($0.parent) } ?? "", "cx": whole(place.x),
            "cy": whole(place.y), "r": marked.contains(node) ? "6" : parent == nil ? "4.5" : "3.5",
          ], [.element("title", [:], [.words(tree.title(of: node))])]))
    }
    for disc in layout.discs where disc.radius >= 26 {
      let most = max(6, Int(disc.radius * 2 / 6.5))
      let name = TerminalText.cut(TerminalText.escaped(tree.nodes[disc.root].name), to: most)
      parts.append(
        .element("text", ["class": "ink", "x": whole(disc.x), "y": whole(disc.y + disc.radius + 12)], [.words(name)]))
    }
    for node in marked.sorted() {
      let place = layout.places[node]
      parts.append(.empty("circle", ["class": "ring", "cx": whole(place.x), "cy": whole(place.y), "r": "11"]))
      parts.append(
        .element(
          "text", ["class": "ink mark", "x": whole(place.x), "y": whole(place.y - 15)],
          [.words(TerminalText.cut(TerminalText.escaped(tree.nodes[node].name), to: 40))]))
    }
    return .element(
      "svg",
      [
        "id": "map", "class": "map", "viewBox": "0 0 \(whole(layout.width)) \(whole(layout.height))", "role": "img",
        "aria-labelledby": "map-title map-desc",
      ], parts)
  }
}
