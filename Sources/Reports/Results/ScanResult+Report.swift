import Lineage
package import Pictures
package import Unmask

extension ScanResult {
  /// What a person reads.
  package func text(palette: Palette, width: Int, tables: Int) -> String {
    findings.text(tree, palette: palette, width: width, tables: tables)
  }

  /// Which folders were skipped because of the format of their weights; nil where none was.
  package var skippedSentence: String? { findings.skippedSentence }

  /// The document of `scan --format json`, written as it is made.
  package func writeJSON(to out: inout some TextOutputStream) { findings.writeJSON(tree, to: &out) }

  /// One row a pair, written as it is made.
  package func writeCSV(to out: inout some TextOutputStream) { findings.writeCSV(tree, to: &out) }

  /// As a Markdown document.
  package func markdown() -> String { findings.markdown(tree) }

  /// As a page.
  package func html() -> String { findings.html(tree) }

  /// The scores of all pairs, by id.
  package var heatmap: Heatmap { findings.heatmap }

  /// The same in the order of families, for a picture.
  package var familyMap: Heatmap { findings.familyMap }
}

extension TreeResult {
  /// What a person reads.
  package func text(palette: Palette, width: Int, tables: Int) -> String {
    tree.text(palette: palette, width: width, tables: tables)
  }

  /// Which folders were skipped because of the format of their weights; nil where none was.
  package var skippedSentence: String? { tree.findings.skippedSentence }

  /// The document of `tree --format json`.
  package func json() -> String { tree.json() }

  /// One row an edge.
  package func csv() -> String { tree.csv() }

  /// As a Markdown document.
  package func markdown() -> String { tree.markdown() }

  /// As a page.
  package func html() -> String { tree.html() }

  /// In the language of Graphviz.
  package func dot() -> String { tree.dot() }

  /// In the language of Mermaid.
  package func mermaid() -> String { tree.mermaid() }
}
