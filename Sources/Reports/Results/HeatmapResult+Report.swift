package import Pictures
package import Unmask

extension HeatmapResult {
  /// The matrix with the models' names, for a picture and as CSV.
  package var heatmap: Heatmap { matrix.heatmap(candidate: candidate.name, foundation: foundation.name) }

  /// The heatmap, with a note below the title if no layers in it are alike.
  package var notedHeatmap: Heatmap {
    matrix.heatmap(candidate: candidate.name, foundation: foundation.name, notesBlank: true)
  }

  /// A sentence for a matrix that shows no similarity; nil for any other matrix.
  package var blankNote: String? { matrix.blankNote }

  /// The document of `heatmap --format json`.
  package func json() -> String { matrix.json(candidate: candidate.description, foundation: foundation.description) }

  /// The matrix drawn in characters, with the figures if they fit in `width` columns.
  package func text(palette: Palette, width: Int) -> String { matrix.text(palette: palette, width: width) }

  /// The matrix as a Markdown table.
  package func markdown() -> String { matrix.markdown() }
}
