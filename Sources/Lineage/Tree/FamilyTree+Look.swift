package import WeightSimilarity

extension FamilyTree {
  /// The result of a full comparison of two neighbours, by their names: their paired weights (layers in any order). Nil if they
  /// are not similar in place.
  package typealias Look = (_ foundation: String, _ candidate: String) -> [TensorSimilarity]?
}
