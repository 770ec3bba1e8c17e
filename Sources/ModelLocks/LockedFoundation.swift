package import Lineage

/// A model that an approved one was compared with, and the verdict.
package struct LockedFoundation: Sendable, Equatable {
  /// Where it was; see `LockPlace`.
  package let place: String
  package let name: String
  /// The commit of the hub that its files came from; nil for other models.
  package let commit: String?
  /// Its content hash; nil for a model that was not on this machine.
  package let content: String?
  package let relation: Relation
  /// See `Verdict`.
  package let score: Double
  package let coverage: Double?
  package let cosine: Double?
  package let log10P: Double?

  package init(
    place: String, name: String, commit: String?, content: String?, relation: Relation, score: Double, coverage: Double?,
    cosine: Double?, log10P: Double?
  ) {
    (self.place, self.name, self.commit, self.content) = (place, name, commit, content)
    (self.relation, self.score, self.coverage, self.cosine, self.log10P) = (relation, score, coverage, cosine, log10P)
  }
}
