package import WeightSimilarity

extension FamilyTree {
  /// What a second look at two neighbours gives, by their names: their weights beside each other (layers in any order), nil where they are not
  /// alike in place.
  package typealias Look = (_ foundation: String, _ candidate: String) -> [TensorSimilarity]?
}
