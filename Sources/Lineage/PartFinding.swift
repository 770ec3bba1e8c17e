/// What a comparison says of one part of a candidate, such as its vision tower.
package struct PartFinding: Sendable, Hashable {
  /// The name of the part.
  package let part: String
  /// The relation of the part to its counterpart; nil where the foundation has none.
  package let relation: Relation?

  package init(part: String, relation: Relation?) { (self.part, self.relation) = (part, relation) }
}

/// The part that a verdict is about, for models of several parts.
package struct VerdictScope: Sendable, Hashable {
  /// The name of the main part.
  package let part: String
  /// The candidate's other parts.
  package let others: [PartFinding]
  /// The foundation's parts without a counterpart.
  package let missing: [String]

  package init(part: String, others: [PartFinding], missing: [String]) {
    (self.part, self.others, self.missing) = (part, others, missing)
  }

  /// The names of the other parts that have a common origin with their counterparts.
  package var shared: [String] { others.filter { $0.relation?.isKinship == true }.map(\.part) }

  /// Whether every other part of either model is identical to its counterpart.
  var isIdentical: Bool { missing.isEmpty && others.allSatisfy { $0.relation == .identical } }
}
