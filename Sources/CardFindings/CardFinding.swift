package import Lineage
package import ModelCards

/// What the weights say of a model card's declarations.
///
/// The rule, and its reasons:
///
/// - A card is **contradicted** only by weights that exclude what it says: every base that it names was compared, and tests that
///   could have seen a common origin, in any order and basis, saw none. A wrong contradiction accuses an author of lying, so whatever
///   leaves a way out (a base that is not at hand, or known by its folder's name only; tests without power; positions alone; shared
///   parts) makes it unverifiable.
/// - A list of bases is one claim about all of them. The share of one parent of a merge may be too small to see, so the list is
///   contradicted only when nothing of any of them is there; and it is confirmed only when all of them are.
/// - A card that names another base than the given foundation is not contradicted by kinship with the foundation: the named base may
///   come from it, or both from a third. The kinship is then undeclared.
/// - An adapter holds changes and nothing of its base, so its base can be neither confirmed nor contradicted.
/// - Silence declares nothing, whatever the weights say.
///
/// Confirmed means a common origin with the declared base. It does not say which came first, nor that the card's word for
/// how the model was made is right.
package struct CardFinding: Sendable, Equatable {
  /// What the bases do not tell of the outcome.
  package enum Remark: Sendable, Hashable {
    /// There is no card.
    case noCard
    /// The card names no base.
    case noBase
    /// The card cannot be used.
    case unusable(CardProblem)
    /// The card names other bases than the foundation. `isKin`: the weights have a common origin with the foundation.
    case otherBase(isKin: Bool)
  }

  /// The card.
  package let card: ModelCard
  package let outcome: CardOutcome
  /// One for each declared base, in the card's order.
  package let bases: [BaseFinding]
  /// Why there is an outcome other than that of the bases; nil if they decide it.
  package let remark: Remark?

  /// The finding of a comparison with each declared base: one of `bases` for each.
  package init(_ card: ModelCard, bases: [BaseFinding]) {
    precondition(bases.map(\.base) == card.bases, "one finding a declared base")
    self.card = card
    let areExcluded = bases.allSatisfy { $0.outcome == .contradicted }
    self.bases = card.hasOtherParents || bases.count > 1 && !areExcluded ? bases.map(\.asOneOfSeveral) : bases
    remark = Self.remark(card)
    outcome =
      if let remark {
        remark.outcome
      } else if self.bases.allSatisfy({ $0.outcome == .contradicted }) {
        .contradicted
      } else {
        self.bases.allSatisfy { $0.outcome == .confirmed } ? .confirmed : .unverifiable
      }
  }

  /// The finding of a comparison with a foundation. `identity`: how the foundation was recognised as the declared base with this index;
  /// nil where the card names none that it can be.
  package init(
    _ card: ModelCard, against verdict: Verdict, path: String, isAdapter: Bool, isOneModel: Bool,
    identity: (base: Int, how: BaseIdentity)?
  ) {
    self.card = card
    var bases = card.bases.map { BaseFinding($0, .notCompared) }
    if let identity {
      let found = BaseFinding(
        card.bases[identity.base], verdict, path: path, identity: identity.how, isAdapter: isAdapter, isOneModel: isOneModel)
      bases[identity.base] = card.hasOtherParents || card.bases.count > 1 ? found.asOneOfSeveral : found
    }
    self.bases = bases
    remark = Self.remark(card) ?? (identity == nil ? .otherBase(isKin: verdict.relation.isKinship) : nil)
    outcome = remark?.outcome ?? identity.map { bases[$0.base].outcome } ?? .unverifiable
  }

  private static func remark(_ card: ModelCard) -> Remark? {
    if let problem = card.problem { return .unusable(problem) }
    if card.bases.isEmpty { return card.exists ? .noBase : .noCard }
    return nil
  }
}

extension ModelCard {
  /// Whether the model must have parents that the card does not name: a merge of one model is none.
  fileprivate var hasOtherParents: Bool { relation == .merge && bases.count == 1 }
}

extension CardFinding.Remark {
  fileprivate var outcome: CardOutcome {
    switch self {
    case .noCard, .noBase, .otherBase(isKin: true): .undeclared
    case .unusable, .otherBase(isKin: false): .unverifiable
    }
  }
}
