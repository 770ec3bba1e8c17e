package import CatalogueSearch
import Lineage
import Pictures
import Reports

extension Landscape {
  /// The trees as GraphML, for Gephi, yEd, networkx and others: a node for each model, an edge from each parent; edges without a known
  /// direction are undirected.
  package func graphML() -> String {
    let keys: [(id: String, owner: String, type: String)] = [
      ("name", "node", "string"), ("family", "node", "int"), ("parameters", "node", "long"), ("layers", "node", "int"),
      ("architecture", "node", "string"), ("marked", "node", "boolean"), ("cosine", "edge", "double"),
      ("confidence", "edge", "double"), ("log10_p", "edge", "double"),
    ]
    let marked = Set(self.marked)
    var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
    for key in keys {
      out +=
        "  " + Markup.empty("key", ["id": key.id, "for": key.owner, "attr.name": key.id, "attr.type": key.type]).source + "\n"
    }
    out += "  <graph id=\"landscape\" edgedefault=\"directed\">\n"
    for node in tree.nodes.indices {
      let model = self.model(of: node)
      let values = [
        Self.value("name", tree.title(of: node)), Self.value("family", String(tree.nodes[node].family)),
        Self.value("parameters", String(model.parameters)), Self.value("layers", String(model.layers)),
        Self.value("architecture", model.architecture ?? ""), Self.value("marked", marked.contains(node) ? "true" : "false"),
      ]
      out += "    " + Markup.element("node", ["id": "n\(node)"], values).source + "\n"
    }
    for edge in tree.edges {
      let figures = [("cosine", edge.cosine), ("confidence", edge.confidence), ("log10_p", edge.verdict?.log10P)]
      let values = figures.compactMap { name, value in value.map { Self.value(name, $0.description) } }
      let ends: KeyValuePairs<StaticString, String> = [
        "source": "n\(edge.parent)", "target": "n\(edge.child)", "directed": edge.isDirected ? "true" : "false",
      ]
      out += "    " + Markup.element("edge", ends, values).source + "\n"
    }
    return out + "  </graph>\n</graphml>\n"
  }

  private static func value(_ key: String, _ text: String) -> Markup { .element("data", ["key": key], [.words(text)]) }
}
