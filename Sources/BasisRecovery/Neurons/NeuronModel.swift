import LinearAlgebra
import Threads

/// The neurons that a search reads from a model, and their profiles, which are computed at first use.
struct NeuronModel: Sendable {
  /// The units, by layer and expert.
  private(set) var layers: [NeuronLayer]
  private let profiler: NeuronProfiler
  /// The number of neurons used of each unit, among those read.
  private var most = Int.max

  /// Reads the neurons of each unit, as many as `reading` says. Cost: one read of all MLPs. After a cancellation units are empty.
  init(_ sources: [NeuronMatrices], _ reading: NeuronReading, workers: Workers) {
    layers = workers.map(sources.count) {
      let source = reading.isGated ? sources[$0] : sources[$0].plain
      return workers.isCancelled ? NeuronLayer(empty: source) : NeuronLayer(source, most: reading.most)
    }
    profiler = NeuronProfiler(layers)
  }

  /// The model with only the `most` neurons of largest norm product of each unit, and the rows of these neurons. Their profiles
  /// are still those among all neurons.
  func taking(_ most: Int) -> (model: NeuronModel, rows: [[Int]]) {
    var model = self
    let rows = layers.map { $0.largest(most) }
    model.layers = zip(layers, rows).map { $0.taking($1) }
    model.most = most
    return (model, rows)
  }

  /// For each unit the profiles of its neurons.
  func profiles(_ workers: Workers) -> [Matrix] { profiler.profiles(most: most, workers) }

  /// The approximate number of bytes in memory: neurons, and profiles of all of them.
  var bytes: Int {
    layers.reduce(0) { total, layer in
      let rows = (layer.gate?.values.count ?? 0) + layer.up.values.count + layer.down.values.count
      return total + MemoryLayout<Float>.stride * (rows + 300 * layer.neurons)
    }
  }
}
