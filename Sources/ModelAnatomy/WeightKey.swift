/// The identity of a weight in its model, independent of its name: role, layer and expert.
///
/// ```swift
/// WeightKey(role: .upProj, layer: 3, expert: 7)     // up_proj of expert 7 in layer 3
/// WeightKey(of: weight).dense                       // the same role and layer in a model without experts
/// ```
///
/// Two weights of two models are counterparts when their keys are equal. In a model with unknown names several weights may have
/// one key. Keys are ordered like the weights in results: weights outside of all layers first, then by layer, role and expert.
package struct WeightKey: Hashable, Sendable, Comparable {
  /// The role of the weight.
  package var role: Role
  /// The number of the layer; nil outside of all layers.
  package var layer: Int?
  /// The number of the expert; nil where the layer has one MLP.
  package var expert: Int?

  /// The key with this role, layer and expert.
  package init(role: Role, layer: Int?, expert: Int? = nil) {
    (self.role, self.layer, self.expert) = (role, layer, expert)
  }

  /// The key of `weight`.
  package init(of weight: Weight) { self.init(role: weight.role, layer: weight.layer, expert: weight.expert) }

  /// The key of the same role and layer in a model that has no experts.
  package var dense: WeightKey { WeightKey(role: role, layer: layer) }

  /// By layer (no layer first), role and expert (no expert first).
  package static func < (left: WeightKey, right: WeightKey) -> Bool {
    (left.layer ?? -1, left.role, left.expert ?? -1) < (right.layer ?? -1, right.role, right.expert ?? -1)
  }
}
