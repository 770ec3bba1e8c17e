import ModelAnatomy

/// The key of a weight with its shape: two weights with equal shaped keys can be compared element by element.
struct ShapedKey: Hashable, Sendable, Comparable {
  var weight: WeightKey
  /// The dimensions as stored.
  var shape: [Int]
  /// Components of an element: 2 for complex numbers.
  var components: Int

  /// Orders by the weight's key, then by shape as text: the order is the same in every run.
  static func < (left: ShapedKey, right: ShapedKey) -> Bool {
    left.weight == right.weight
      ? (left.shape.description, left.components) < (right.shape.description, right.components) : left.weight < right.weight
  }
}

extension ShapedKey {
  /// The key of `weight`.
  init(_ weight: Weight) {
    self.init(weight: WeightKey(of: weight), shape: weight.shape, components: weight.components)
  }
}
