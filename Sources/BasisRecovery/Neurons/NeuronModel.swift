import LinearAlgebra
import Threads

/// The neurons that a search reads of a model, and their profiles, which are made when they are first used.
struct NeuronModel: Sendable {
  /// The units, by layer and expert.
  private(set) var layers: [NeuronLayer]
  private let profiler: NeuronProfiler
  /// The neurons of each unit that are used, of those read.
  private var most = Int.max

  /// Reads the neurons of each unit, as many as `reading` says. Cost: one read of all MLPs. After a cancellation units are empty.
  init(_ sources: [NeuronMatrices], _ reading: NeuronReading, workers: Workers) {
    layers = workers.map(sources.count) {
      let source = reading.isGated ? sources[$0] : sources[$0].plain
      return workers.isCancelled ? NeuronLayer(empty: source) : NeuronLayer(source, most: reading.most)
    }
    profiler = NeuronProfiler(layers)
  }

  /// Its neurons of largest norm product, `most` of each unit, and which of each unit's rows they are. Their profiles are still
  /// those among all neurons.
  func taking(_ most: Int) -> (model: NeuronModel, rows: [[Int]]) {
    var model = self
    let rows = layers.map { $0.largest(most) }
    model.layers = zip(layers, rows).map { $0.taking($1) }
    model.most = most
    return (model, rows)
  }

  /// For each unit the profiles of its neurons.
  func profiles(_ workers: Workers) -> [Matrix] { profiler.profiles(most: most, workers) }

  /// Bytes of memory, about: neurons, and profiles of all of them.
  var bytes: Int {
    layers.reduce(0) { total, layer in
      let rows = (layer.gate?.values.count ?? 0) + layer.up.values.count + layer.down.values.count
      return total + MemoryLayout<Float>.stride * (rows + 300 * layer.neurons)
    }
  }
}
