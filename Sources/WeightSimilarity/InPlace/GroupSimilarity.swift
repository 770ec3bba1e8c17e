/// Combined similarity of several tensors: of a layer, a role, or the whole model.
///
/// Every figure is a mean over the matrices for which it is defined, weighted by parameters; nil when it is defined for none.
/// Vectors are excluded, because gains of unrelated models are alike.
package struct GroupSimilarity: Sendable, Equatable {
  /// Mean cosine.
  package var cosine: Double?
  /// Mean centred cosine.
  package var centredCosine: Double?
  /// Mean relative distance.
  package var relativeL2: Double?
  /// Share of equal elements.
  package var equalShare: Double?
  /// Elements compared, matrices only.
  package var parameters: Int
  /// Mean cosine in the foundation's coordinates, after masks are undone; nil where no mask was found.
  package var alignedCosine: Double?

  /// The similarity of all of these tensors.
  package init(of tensors: [TensorSimilarity]) { self.init(of: tensors, at: tensors.indices) }

  /// The similarity of the tensors at these indices.
  init(of tensors: [TensorSimilarity], at indices: some Sequence<Int>) {
    var (cosine, centred, distance, equal, aligned) = (
      WeightedMean(), WeightedMean(), WeightedMean(), WeightedMean(), WeightedMean()
    )
    var all = 0
    for i in indices where tensors[i].isMatrix {
      let parameters = tensors[i].parameters
      all += parameters
      cosine.add(tensors[i].cosine, weight: parameters)
      centred.add(tensors[i].centredCosine, weight: parameters)
      distance.add(tensors[i].relativeL2, weight: parameters)
      equal.add(tensors[i].equalShare, weight: parameters)
      aligned.add(tensors[i].alignedCosine, weight: parameters)
    }
    self.cosine = cosine.value
    centredCosine = centred.value
    relativeL2 = distance.value
    equalShare = equal.value
    parameters = all
    alignedCosine = aligned.value
  }
}
