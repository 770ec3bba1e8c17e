import Lineage
package import Pictures
package import Unmask

extension ScanResult {
  /// The report as text.
  package func text(palette: Palette, width: Int, tables: Int) -> String {
    findings.text(tree, palette: palette, width: width, tables: tables)
  }

  /// A sentence that names the folders skipped because of the format of their weights; nil if none was skipped.
  package var skippedSentence: String? { findings.skippedSentence }

  /// Writes the document of `scan --format json` piece by piece, without building it in memory first.
  package func writeJSON(_ facts: ScanFacts, to out: inout some TextOutputStream) { findings.writeJSON(tree, facts, to: &out) }

  /// Writes the CSV with one row for each pair, piece by piece.
  package func writeCSV(to out: inout some TextOutputStream) { findings.writeCSV(tree, to: &out) }

  /// The result as a Markdown document.
  package func markdown() -> String { findings.markdown(tree) }

  /// The mixtures as configurations of mergekit; nil if none was found.
  package var mergekit: String? { MergekitText(findings).yaml }

  /// The scores of all pairs, by id.
  package var heatmap: Heatmap { findings.heatmap }

  /// The scores of all pairs in the order of families, for a picture.
  package var familyMap: Heatmap { findings.familyMap }
}

extension TreeResult {
  /// The report as text.
  package func text(palette: Palette, width: Int, tables: Int) -> String {
    tree.text(palette: palette, width: width, tables: tables)
  }

  /// A sentence that names the folders skipped because of the format of their weights; nil if none was skipped.
  package var skippedSentence: String? { tree.findings.skippedSentence }

  /// The document of `tree --format json`.
  package func json(_ facts: ScanFacts) -> String { tree.json(facts) }

  /// The mixtures as configurations of mergekit; nil if none was found.
  package var mergekit: String? { MergekitText(tree.findings).yaml }

  /// The CSV with one row for each edge.
  package func csv() -> String { tree.csv() }

  /// The result as a Markdown document.
  package func markdown() -> String { tree.markdown() }

  /// The graph in the language of Graphviz.
  package func dot() -> String { tree.dot() }

  /// The graph in the language of Mermaid.
  package func mermaid() -> String { tree.mermaid() }
}
