/// How much is read of the neurons of two models: the same of both, so that what is among the largest of one is among those of the other.
struct NeuronReading: Sendable {
  /// Neurons of each unit at most.
  var most: Int
  /// Whether gates are read: only where both models have them everywhere, since a gate is compared with a gate.
  var isGated: Bool
}

extension NeuronReading {
  /// What is read of the MLPs of two models.
  init(candidate: [NeuronMatrices], foundation: [NeuronMatrices], sizes: SearchSizes) {
    self.init(
      most: min(sizes.most(units: candidate.count), sizes.most(units: foundation.count)),
      isGated: (candidate + foundation).allSatisfy { $0.gate != nil })
  }
}
