package import ModelAnatomy

/// The weights of a model, indexed by role, layer and expert. It replaces a search through all weights.
///
/// ```swift
/// let index = WeightIndex(anatomy)
/// index.first(.upProj, layer: 3, expert: 7)
/// ```
package struct WeightIndex: Sendable {
  private let weights: [Weight]
  private let indices: [WeightKey: [Int]]

  /// Indexes the weights of a model. O(weights).
  package init(_ anatomy: Anatomy) {
    let weights = anatomy.weights
    self.weights = weights
    indices = Dictionary(grouping: weights.indices) { WeightKey(of: weights[$0]) }
  }

  /// The indices of the weights that have this key, in the model's order; nil for none.
  package subscript(key: WeightKey) -> [Int]? { indices[key] }

  /// The first weight, in the model's order, that has this role, layer and expert and for which `isWanted` is true; nil for none.
  package func first(
    _ role: Role, layer: Int?, expert: Int? = nil, where isWanted: (Weight) -> Bool = { _ in true }
  ) -> Weight? {
    self[WeightKey(role: role, layer: layer, expert: expert)]?.lazy.map { weights[$0] }.first(where: isWanted)
  }
}
