package import ModelAnatomy
package import Pictures
package import TextFormats
package import WeightSimilarity

extension LayerMatrix {
  /// The smallest cosine that a picture shows as more than background. Below it, a cell has the same shade as cells of
  /// unrelated layers.
  private static let leastVisible = 0.1

  /// A sentence for a matrix that shows no similarity. A copy behind a mask has the same picture as an unrelated model. Nil if
  /// two layers of the matrix are alike, or if its masks were undone.
  package var blankNote: String? {
    let isBlank = !cells.joined().contains { abs($0 ?? 0) >= Self.leastVisible }
    return metric == .aligned || !isBlank
      ? nil
      : "no two layers are similar at their stored positions: the models are unrelated, or one is a masked copy; --metric "
        + "aligned undoes "
        + "masks, and unmask compare decides which it is"
  }

  /// The matrix as a heatmap with layer numbers as names and with the models' names.
  ///
  /// `notesBlank`: adds `blankNote` below the title.
  package func heatmap(candidate: String, foundation: String, notesBlank: Bool = false) -> Heatmap {
    Heatmap(
      rows: candidateLayers.map { String($0) }, columns: foundationLayers.map { String($0) }, cells: cells,
      title: (metric == .cosine ? "Cosine" : "Cosine (\(metric.rawValue))") + " of layers" + (role.map { ", \($0)" } ?? ""),
      notes: ["rows: layers of \(candidate)", "columns: layers of \(foundation)"].map(TerminalText.escaped)
        + (notesBlank ? [blankNote].compactMap { $0 } : []), measure: measure)
  }

  private var measure: String { metric == .cosine ? "cosine" : "\(metric.rawValue) cosine" }

  /// The document of `heatmap --format json`, schema `unmask.heatmap/1`.
  package func json(candidate: ModelDescription, foundation: ModelDescription) -> String {
    document(candidate: candidate, foundation: foundation).text
  }

  package func document(candidate: ModelDescription, foundation: ModelDescription) -> JSONText {
    .members(
      [
        ("schema", "unmask.heatmap/1"), ("program", Program.name), ("candidate", .string(candidate.path)),
        ("foundation", .string(foundation.path)),
      ] + members + (blankNote.map { [("warnings", .strings([$0]))] } ?? []))
  }

  /// The description of the matrix and its values, as members of JSON documents.
  var members: [(String, JSONText)] {
    [
      ("metric", .string(metric.rawValue)), ("role", .optional(role)),
      ("candidate_layers", .array(candidateLayers.map { .integer($0) })),
      ("foundation_layers", .array(foundationLayers.map { .integer($0) })),
      ("cells", .array(cells.map { .array($0.map { .optional($0) }) })),
    ]
  }

  /// The picture in characters, with the figures if they fit. Rows are the candidate's layers, columns the foundation's layers.
  package func text(palette: Palette, width: Int = 80) -> String {
    let map = heatmap(candidate: "", foundation: "")
    let title = "\(metric.rawValue) of \(role ?? "all roles"), rows: candidate's layers, columns: foundation's"
    let figures = map.table(corner: "layer").text(width: .max, paintTitle: palette.bold)
    let isNarrow = figures.split(separator: "\n").allSatisfy { TerminalText.columns(of: String($0)) <= width + 8 }
    return TerminalText.wrapped(title, width: width) + "\n\n" + map.drawing(palette: palette, width: width)
      + (isNarrow ? "\n" + figures : "")
      + (blankNote.map { "\n" + TerminalText.wrapped("note: " + $0, width: width) + "\n" } ?? "")
  }

  /// The matrix as a Markdown table.
  package func markdown() -> String {
    heatmap(candidate: "", foundation: "").table(corner: "layer").markdown
      + (blankNote.map { "\n> note: \(MarkdownText.escaped($0))\n" } ?? "")
  }
}
