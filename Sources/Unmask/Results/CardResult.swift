package import CardFindings
import ModelCards

/// What the weights say of what a model card declares.
public enum CardOutcome: String, Sendable, CaseIterable {
  /// The weights have a common origin with every base that the card names.
  case confirmed
  /// The card names bases, and the weights exclude that the model was made from them.
  case contradicted
  /// The card names no base, or another one than the foundation. Silence is no accusation.
  case undeclared
  /// The card cannot be read, a base is not at hand, or the weights decide nothing.
  case unverifiable
}

/// A model card's declarations on the origin of a model, and what the weights say of them.
public struct CardResult: Sendable {
  package let finding: CardFinding

  package init(_ finding: CardFinding) { self.finding = finding }

  /// The names of the declared bases, unchanged.
  public var declared: [String] { finding.card.bases.map(\.name) }
  /// How the card says that the model was made: `finetune`, `adapter`, `quantized` or `merge`; nil where it does not say.
  public var relation: String? { finding.card.relation?.rawValue }
  /// The licence that the card gives; nil where it gives none.
  public var licence: String? { finding.card.licence }
  /// What the weights say of it.
  public var outcome: CardOutcome {
    switch finding.outcome {
    case .confirmed: .confirmed
    case .contradicted: .contradicted
    case .undeclared: .undeclared
    case .unverifiable: .unverifiable
    }
  }
}
