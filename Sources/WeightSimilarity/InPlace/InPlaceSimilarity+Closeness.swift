import ModelAnatomy

/// How close two models are, from the view of each model: the mean cosine over the compared weights, times the share of the
/// model's parameters that is compared; 0 … 1.
///
/// The two figures differ if one model has more weights than the other. A mixture of experts whose experts are copies of one MLP
/// counts that MLP once for each copy. The dense model that it was made from counts the MLP once, so its attention has more
/// weight.
package struct Closeness: Sendable, Equatable {
  /// For the candidate: the cosine times the coverage that a comparison reports.
  package let toCandidate: Double
  /// For the foundation: the figure that the reverse comparison would report.
  package let toFoundation: Double

  /// Two figures in 0 … 1.
  package init(toCandidate: Double, toFoundation: Double) {
    (self.toCandidate, self.toFoundation) = (toCandidate, toFoundation)
  }
}

extension InPlaceSimilarity {
  /// How close the models are. A matrix counts with its cosine in the foundation's coordinates if that is known, otherwise with
  /// its cosine in place. Negative and undefined means count as 0. O(tensors).
  package var closeness: Closeness {
    var mean = WeightedMean()
    for tensor in tensors where tensor.isMatrix { mean.add(tensor.alignedCosine ?? tensor.cosine, weight: tensor.parameters) }
    return Closeness(toCandidate: max(0, mean.value ?? 0) * (coverage ?? 0), toFoundation: closenessToFoundation)
  }

  /// Each weight of the foundation that has counterparts counts once, with the largest of their cosines.
  private var closenessToFoundation: Double {
    var found: [NamedKey: (cosine: Double?, parameters: Int)] = [:]
    for tensor in tensors {
      let key = NamedKey(name: tensor.foundation, key: tensor.foundationKey)
      // Gains and biases count for the coverage but not for the mean.
      let cosine = tensor.isMatrix ? tensor.alignedCosine ?? tensor.cosine : nil
      let known = found[key]
      let best = [known?.cosine, cosine].compactMap { $0 }.max()
      found[key] = (best, max(known?.parameters ?? 0, tensor.parameters))
    }
    var (mean, covered) = (WeightedMean(), 0)
    for (cosine, parameters) in found.values.sorted(by: { ($0.parameters, $0.cosine ?? 0) < ($1.parameters, $1.cosine ?? 0) }) {
      covered += parameters
      mean.add(cosine, weight: parameters)
    }
    guard let mean = mean.value, sizes.foundation > 0 else { return 0 }
    return max(0, mean) * min(1, Double(covered) / Double(sizes.foundation))
  }
}
