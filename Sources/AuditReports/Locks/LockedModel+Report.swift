import Lineage
package import ModelLocks
import Pictures

extension LockFile {
  /// What was written: a line for each model, and one for each of its verdicts.
  package func summary() -> String {
    models.map { model in
      let identity = model.content.map { "sha256 " + $0 } ?? "commit " + (model.commit ?? "unknown")
      let head = "locked: \(TerminalText.escaped(model.place)), \(Figures.grouped(model.parameters)) parameters, \(identity)\n"
      return head
        + model.foundations.map { "  against \(TerminalText.escaped($0.place)): \($0.relation.rawValue)\n" }.joined()
    }.joined()
  }
}
