import Lineage
import Pictures

extension Palette {
  /// Kin in red, strangers in green, the undecided in yellow: the colours of an alarm, since kinship is what is looked for.
  func relation(_ relation: Relation, _ text: String) -> String {
    switch relation {
    case .identical, .derived, .merged, .partial: found(text)
    case .independent: absent(text)
    case .insufficient: unknown(text)
    }
  }
}
