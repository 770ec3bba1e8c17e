/// A neuron of the candidate and one of the foundation, by unit (layer or expert) and row among the neurons that were read.
struct NeuronPair: Sendable, Hashable {
  var unit: Int
  var row: Int
  var origin: Int
  var originRow: Int
}
