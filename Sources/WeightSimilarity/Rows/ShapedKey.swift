import ModelAnatomy

/// A weight's key with its shape: two weights of which these are equal can be compared element by element.
struct ShapedKey: Hashable, Sendable, Comparable {
  var weight: WeightKey
  /// The dimensions as stored.
  var shape: [Int]
  /// Components of an element: 2 for complex numbers.
  var components: Int

  /// By the weight's key, then by shape as text: an order that is the same in every run.
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
