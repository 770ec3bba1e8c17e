import Lineage
import ModelAnatomy
package import Reports
package import Unmask

extension HeatmapResult {
  /// The matrix as an HTML page.
  package func html() -> String { matrix.html(candidate: candidate.description, foundation: foundation.description) }
}

extension ScanResult {
  /// The result as an HTML page. `facts` and `record`: what the command knows of the run.
  package func html(_ facts: ScanFacts, record: RunRecord) -> String { findings.html(tree, facts, record: record) }
}

extension TreeResult {
  /// The result as an HTML page. `facts` and `record`: what the command knows of the run.
  package func html(_ facts: ScanFacts, record: RunRecord) -> String { tree.html(facts, record: record) }
}
