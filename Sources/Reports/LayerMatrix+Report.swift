public import ModelAnatomy
package import Pictures
public import WeightSimilarity

extension LayerMatrix {
  /// The matrix with the layers' numbers as names, and the models' names for its picture.
  package func heatmap(candidate: String, foundation: String) -> Heatmap {
    Heatmap(
      rows: candidateLayers.map { String($0) }, columns: foundationLayers.map { String($0) }, cells: cells,
      title: (metric == .cosine ? "Cosine" : "Cosine (\(metric.rawValue))") + " of layers" + (role.map { ", \($0)" } ?? ""),
      notes: ["rows: layers of \(candidate)", "columns: layers of \(foundation)"].map(TerminalText.escaped), measure: measure)
  }

  private var measure: String { metric == .cosine ? "cosine" : "\(metric.rawValue) cosine" }

  /// The document of `heatmap --format json`, schema `unmask.heatmap/1`.
  public func json(candidate: ModelDescription, foundation: ModelDescription) -> String {
    document(candidate: candidate, foundation: foundation).text
  }

  private func document(candidate: ModelDescription, foundation: ModelDescription) -> JSONText {
    .members(
      [
        ("schema", "unmask.heatmap/1"), ("candidate", .string(candidate.path)), ("foundation", .string(foundation.path)),
      ] + members)
  }

  /// What the matrix is and holds, as it stands in documents.
  var members: [(String, JSONText)] {
    [
      ("metric", .string(metric.rawValue)), ("role", .optional(role)),
      ("candidate_layers", .array(candidateLayers.map { .integer($0) })),
      ("foundation_layers", .array(foundationLayers.map { .integer($0) })),
      ("cells", .array(cells.map { .array($0.map { .optional($0) }) })),
    ]
  }

  /// The picture in characters and, where they fit, the figures: rows are the candidate's layers, columns the foundation's.
  package func text(palette: Palette, width: Int = 80) -> String {
    let map = heatmap(candidate: "", foundation: "")
    let title = "\(metric.rawValue) of \(role ?? "all roles"), rows: candidate's layers, columns: foundation's"
    let figures = map.table(corner: "layer").text(width: .max, paintTitle: palette.bold)
    let isNarrow = figures.split(separator: "\n").allSatisfy { TerminalText.columns(of: String($0)) <= width + 8 }
    return TerminalText.wrapped(title, width: width) + "\n\n" + map.drawing(palette: palette, width: width)
      + (isNarrow ? "\n" + figures : "")
  }

  /// The same as a Markdown table.
  public func markdown() -> String { heatmap(candidate: "", foundation: "").table(corner: "layer").markdown }

  /// The same as a page.
  public func html(candidate: ModelDescription, foundation: ModelDescription) -> String {
    let map = heatmap(candidate: candidate.name, foundation: foundation.name)
    let (rows, columns) = (map.rows.count, map.columns.count)
    let figures = map.table(corner: "layer").html(caption: "rows: the candidate's layers, columns: the foundation's")
    return Page(
      title: "\(map.title): \(candidate.name), \(foundation.name)",
      head: [
        .element("p", ["class": "verdict"], [.words(map.title)]),
        .element("h1", [:], [.words("\(candidate.name) held against \(foundation.name)")]),
        .paragraph("\(rows) × \(columns) layers; a cell is a mean over roles, weighted by parameters, where no role was named."),
      ],
      sections: [
        Page.Section(title: "Every layer against every layer", content: map.html(id: "layers")),
        Page.Section(title: "Figures", content: columns <= 200 ? [figures] : [], isFolded: columns > 12),
      ], data: rows * columns <= 250_000 ? document(candidate: candidate, foundation: foundation) : nil
    ).text
  }
}
