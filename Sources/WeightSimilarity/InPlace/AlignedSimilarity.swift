package import ModelAnatomy

/// How alike two models are in the foundation's coordinates, after masks are undone. Masks are another order of neurons, heads
/// and channels, rotations, and scales moved between matrices.
package struct AlignedSimilarity: Sendable, Equatable {
  /// One weight of the candidate with its counterpart.
  package struct Tensor: Sendable, Equatable {
    /// The two tensors. Of the metrics only `alignedCosine` is defined, over the common rows and with gains folded; it is nil when
    /// either norm is zero.
    package let similarity: TensorSimilarity
    /// Number of elements that have a counterpart: matched rows times the channels that both models have.
    package let matched: Int

    /// One weight with its counterpart, the number of matched elements, and their cosine, −1 … 1.
    package init(_ candidate: Weight, _ foundation: Weight, matched: Int, cosine: Double?) {
      similarity = TensorSimilarity(candidate, foundation, alignedCosine: cosine)
      self.matched = matched
    }
  }

  /// The weights, sorted by layer, role and expert, as in `Anatomy.weights`.
  package let tensors: [Tensor]

  /// The similarities of these weights.
  package init(tensors: [Tensor]) { self.tensors = tensors }

  /// Mean of all defined cosines, weighted by parameters; nil when none is defined.
  package var overall: Double? { Self.mean(tensors) }

  /// Mean of the defined cosines, weighted by parameters.
  package static func mean(_ tensors: some Sequence<Tensor>) -> Double? {
    tensors.reduce(into: WeightedMean()) { $0.add($1.similarity.alignedCosine, weight: $1.similarity.parameters) }.value
  }
}
