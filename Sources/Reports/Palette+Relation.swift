import CardFindings
import Lineage
import Pictures

extension Palette {
  /// Related models in red, unrelated ones in green, undecided ones in yellow. These are alarm colours, because the search is
  /// for related models.
  func relation(_ relation: Relation, _ text: String) -> String {
    switch relation {
    case .identical, .derived, .merged, .partial: found(text)
    case .independent: absent(text)
    case .insufficient: unknown(text)
    }
  }

  /// The outcome of a model card: contradicted ones in red, confirmed ones in green, undecided ones in yellow.
  func outcome(_ outcome: CardOutcome, _ text: String) -> String {
    switch outcome {
    case .contradicted: found(text)
    case .confirmed: absent(text)
    case .undeclared, .unverifiable: unknown(text)
    }
  }
}
