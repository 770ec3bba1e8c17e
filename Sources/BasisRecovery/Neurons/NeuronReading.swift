/// The amount read from the neurons of two models: the same for both, so that the largest neurons of one are among the largest of
/// the other.
struct NeuronReading: Sendable {
  /// The largest number of neurons per unit.
  var most: Int
  /// Whether gates are read: only if all MLPs of both models have them, since a gate is compared with a gate.
  var isGated: Bool
}

extension NeuronReading {
  /// The amount for the MLPs of two models.
  init(candidate: [NeuronMatrices], foundation: [NeuronMatrices], sizes: SearchSizes) {
    self.init(
      most: min(sizes.most(units: candidate.count), sizes.most(units: foundation.count)),
      isGated: (candidate + foundation).allSatisfy { $0.gate != nil })
  }
}
