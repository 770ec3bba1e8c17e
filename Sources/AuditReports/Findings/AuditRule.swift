package import CardFindings
package import CatalogueSearch
package import Lineage

/// What can be said of a model: a relation to a foundation, what a search of a catalogue found, or the outcome of a model card.
package enum AuditRule: String, Sendable, CaseIterable {
  case identical, derived, merged, partial, independent, insufficient
  case confirmed, contradicted, undeclared, unverifiable

  /// The relations of two models.
  package static let relations: [AuditRule] = [.identical, .derived, .merged, .partial, .independent, .insufficient]
  /// What a search of a catalogue can find.
  package static let identifications: [AuditRule] = [.derived, .insufficient]
  /// The outcomes of a model card.
  package static let outcomes: [AuditRule] = [.confirmed, .contradicted, .undeclared, .unverifiable]

  package init(_ relation: Relation) {
    self =
      switch relation {
      case .identical: .identical
      case .derived: .derived
      case .merged: .merged
      case .partial: .partial
      case .independent: .independent
      case .insufficient: .insufficient
      }
  }

  package init(_ outcome: CardOutcome) {
    self =
      switch outcome {
      case .confirmed: .confirmed
      case .contradicted: .contradicted
      case .undeclared: .undeclared
      case .unverifiable: .unverifiable
      }
  }

  package init(_ relation: Identification.Relation) {
    self =
      switch relation {
      case .derived: .derived
      case .insufficient: .insufficient
      }
  }

  /// Whether it states a common origin with another model.
  package var isKinship: Bool {
    switch self {
    case .identical, .derived, .merged, .partial, .confirmed: true
    case .independent, .insufficient, .contradicted, .undeclared, .unverifiable: false
    }
  }
}

extension AuditRule {
  /// The name of the rule for programs that show names and not ids.
  var name: String {
    switch self {
    case .identical: "IdenticalWeights"
    case .derived: "DerivedWeights"
    case .merged: "MergedWeights"
    case .partial: "PartlyDerivedWeights"
    case .independent: "IndependentWeights"
    case .insufficient: "NotDecided"
    case .confirmed: "CardConfirmed"
    case .contradicted: "CardContradicted"
    case .undeclared: "NoBaseDeclared"
    case .unverifiable: "CardNotVerifiable"
    }
  }

  /// What it means, in one sentence.
  var meaning: String {
    switch self {
    case .identical: "Every weight of the model has the same value in another model."
    case .derived: "The weights of the model have a common origin with those of another model."
    case .merged: "The model is a mixture of several given models."
    case .partial: "Some layers of the model, or its attention alone, have a common origin with another model."
    case .independent: "The tests could have seen a common origin with another model and saw none."
    case .insufficient: "Too little can be compared to tell whether the model has a common origin with another one."
    case .confirmed: "The weights have a common origin with the base that the model card names."
    case .contradicted: "The weights exclude that the model was made from the base that its card names."
    case .undeclared: "The model card names no base, or there is no card."
    case .unverifiable: "The weights do not decide whether the model card names the base rightly."
    }
  }

  /// How to read it, in a few sentences.
  var explanation: String {
    switch self {
    case .identical:
      "Element types, shards, tensor names and file names may differ. Treat both models as one."
    case .derived:
      "One was made from the other, or both from a third model: by training, merging, quantising, pruning, or by rewriting the weights "
        + "so that they look different. The weights of two models do not say which of them came first."
    case .merged: "The shares of the parents were estimated from the weights, layer by layer."
    case .partial: "The table by layer (unmask compare --by layer) shows which layers have a common origin."
    case .independent:
      "This excludes neither distillation, which leaves no trace in weights, nor training so long that nothing of the foundation is left."
    case .insufficient: "The message says why. Other files of the model, or --depth thorough, may decide it."
    case .confirmed: "This does not say which of the two models came first."
    case .contradicted:
      "The tests could have seen a common origin in any order and basis, and saw none. A student of distillation has none, though."
    case .undeclared: "Silence declares nothing, whatever the weights say."
    case .unverifiable: "The message says why: the card cannot be read, a base is not at hand, or too little can be compared."
    }
  }
}
