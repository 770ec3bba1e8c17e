import ModelAnatomy
import Pictures
import ReadingFacts
package import Reports
import TextFormats

extension Inspection {
  /// The inspection as one self-contained HTML file.
  package func html() -> String {
    var facts = ColumnTable([.words("fact"), .words("value")])
    for fact in self.facts { facts.append([fact.name, fact.value]) }
    var metadata = ColumnTable([.words("key"), .words("value")])
    for entry in model.metadata { metadata.append([entry.key, entry.value]) }
    let sizes: [(name: String, value: String)] = [
      ("parameters", Figures.magnitude(model.parameters)), ("layers", String(model.layers)),
      ("bytes", Figures.bytes(model.bytes)),
      ("tensors", Figures.grouped(model.tensors.count)),
    ]
    return Page(
      title: "\(model.name): \(model.architecture ?? "unknown architecture")",
      head: [
        .element("p", ["class": "verdict"], [.words(model.name)]),
        .element("h1", [:], [.words(architectureHeading)]),
        .figures(sizes),
      ] + Markup.warnings(model.warnings.map(\.words)),
      sections: [
        Page.Section(title: "What it is", content: [facts.html(caption: model.path, long: [1])]),
        Page.Section(
          title: "Metadata", content: metadata.isEmpty ? [] : [metadata.html(caption: "of the files' headers", long: [1])]),
        Page.Section(
          title: "Tensors",
          content: tensorTable().isEmpty
            ? [] : [tensorTable().html(caption: "in name order", most: Page.mostRows, rest: "--format csv")]),
      ], data: model.tensors.count <= Page.mostData ? document : nil
    ).text
  }
}
