package import ModelAnatomy
import Pictures
import Reports
import TextFormats
package import WeightSimilarity

extension LayerMatrix {
  /// The matrix as an HTML page.
  package func html(candidate: ModelDescription, foundation: ModelDescription) -> String {
    let map = heatmap(candidate: candidate.name, foundation: foundation.name, notesBlank: true)
    let (rows, columns) = (map.rows.count, map.columns.count)
    let figures = map.table(corner: "layer").html(caption: "rows: the candidate's layers, columns: the foundation's")
    return Page(
      title: "\(map.title): \(candidate.name), \(foundation.name)",
      head: [
        .element("p", ["class": "verdict"], [.words(map.title)]),
        .element("h1", [:], [.words("\(candidate.name) compared with \(foundation.name)")]),
        .paragraph(
          "\(rows) × \(columns) layers. A cell is the cosine of the named role, or the mean over all roles, weighted "
            + "by parameters."),
      ] + Markup.warnings([blankNote].compactMap { $0 }),
      sections: [
        Page.Section(title: "Every layer with every layer", content: map.html(id: "layers")),
        Page.Section(title: "Figures", content: columns <= 200 ? [figures] : [], isFolded: columns > 12),
      ], data: rows * columns <= 250_000 ? document(candidate: candidate, foundation: foundation) : nil
    ).text
  }
}
