import ModelAnatomy

/// The similarities of a comparison, indexed by role, layer and expert of the candidate's weights. Used to follow a weight
/// through several comparisons.
package struct TensorIndex: Sendable {
  private let similarities: [WeightKey: TensorSimilarity]

  /// Keeps only the similarities of matrices inside layers. O(tensors).
  package init(inLayers tensors: [TensorSimilarity]) {
    similarities = Dictionary(
      tensors.filter { $0.isMatrix && $0.layer != nil }.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The similarity in this comparison of the weight that `tensor` has for its candidate; nil for none.
  package func similarity(ofCandidateIn tensor: TensorSimilarity) -> TensorSimilarity? { similarities[tensor.key] }

  /// The similarity in this comparison of the weight that `tensor` has for its foundation. It has the same role and expert, or no
  /// expert if the foundation has none; nil for none.
  package func similarity(ofFoundationIn tensor: TensorSimilarity) -> TensorSimilarity? {
    var key = tensor.key
    key.layer = tensor.foundationLayer
    return similarities[key] ?? similarities[key.dense]
  }
}
