import ModelAnatomy

/// The similarities of a comparison by role, layer and expert of the candidate's weights: to follow a weight through several comparisons.
package struct TensorIndex: Sendable {
  private let similarities: [WeightKey: TensorSimilarity]

  /// The matrices in layers among these similarities. O(tensors).
  package init(inLayers tensors: [TensorSimilarity]) {
    similarities = Dictionary(
      tensors.filter { $0.isMatrix && $0.layer != nil }.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The similarity, in this comparison, of the weight that is the candidate's in `tensor`; nil for none.
  package func similarity(ofCandidateIn tensor: TensorSimilarity) -> TensorSimilarity? { similarities[tensor.key] }

  /// The similarity, in this comparison, of the weight that is the foundation's in `tensor`: with the same role and expert, or with no
  /// expert where the foundation has none; nil for none.
  package func similarity(ofFoundationIn tensor: TensorSimilarity) -> TensorSimilarity? {
    var key = tensor.key
    key.layer = tensor.foundationLayer
    return similarities[key] ?? similarities[key.dense]
  }
}
