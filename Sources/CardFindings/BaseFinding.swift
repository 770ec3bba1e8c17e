package import Lineage
package import ModelCards

/// What was found of one declared base.
package struct BaseFinding: Sendable, Equatable {
  /// The base as it is declared.
  package let base: DeclaredBase
  /// The path of the model that was taken for it; nil where none was.
  package let path: String?
  /// How that model was recognised; nil without one.
  package let identity: BaseIdentity?
  /// The relation of the weights to it; nil where they were not compared.
  package let relation: Relation?
  package let reason: BaseReason

  /// A base that was not compared.
  package init(_ base: DeclaredBase, _ reason: BaseReason, path: String? = nil, identity: BaseIdentity? = nil) {
    (self.base, self.path, self.identity, relation, self.reason) = (base, path, identity, nil, reason)
  }

  /// A base that was compared with the model at `path`.
  package init(
    _ base: DeclaredBase, _ verdict: Verdict, path: String, identity: BaseIdentity, isAdapter: Bool, isOneModel: Bool
  ) {
    self.base = base
    (self.path, self.identity, relation) = (path, identity, verdict.relation)
    reason = BaseReason(verdict, identity, isAdapter: isAdapter, isOneModel: isOneModel)
  }

  private init(_ finding: BaseFinding, _ reason: BaseReason) {
    (base, path, identity, relation) = (finding.base, finding.path, finding.identity, finding.relation)
    self.reason = reason
  }

  package var outcome: CardOutcome { reason.outcome }

  /// This finding as one of several parents: nothing found of one of them contradicts the card.
  var asOneOfSeveral: BaseFinding { reason == .noCommonOrigin ? BaseFinding(self, .smallShare) : self }
}
