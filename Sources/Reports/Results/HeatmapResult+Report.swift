package import Pictures
package import Unmask

extension HeatmapResult {
  /// The matrix with the models' names, for a picture and as CSV.
  package var heatmap: Heatmap { matrix.heatmap(candidate: candidate.name, foundation: foundation.name) }

  /// The document of `heatmap --format json`.
  package func json() -> String { matrix.json(candidate: candidate.description, foundation: foundation.description) }

  /// Drawn in characters; with the figures where they fit `width` columns.
  package func text(palette: Palette, width: Int) -> String { matrix.text(palette: palette, width: width) }

  /// As a Markdown table.
  package func markdown() -> String { matrix.markdown() }

  /// As a page.
  package func html() -> String { matrix.html(candidate: candidate.description, foundation: foundation.description) }
}
