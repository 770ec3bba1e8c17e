import LinearAlgebra

/// What a search reads of a model: its neurons, and their profiles once they are asked for.
struct NeuronModel: Sendable {
  /// The units, by layer and expert.
  private(set) var layers: [NeuronLayer]
  private let profiler: NeuronProfiler
  /// The neurons of each unit that are looked at, of those read.
  private var most = Int.max

  /// Reads at most `most` neurons of each unit, without their gates unless `isGated`. Cost: one read of all MLPs.
  init(_ sources: [NeuronMatrices], most: Int, isGated: Bool, workers: Workers) {
    layers = workers.map(sources.count) { NeuronLayer(isGated ? sources[$0] : sources[$0].plain, most: most) }
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

  /// About so many bytes of memory: neurons, and profiles of all.
  var bytes: Int {
    layers.reduce(0) { total, layer in
      let rows = (layer.gate?.values.count ?? 0) + layer.up.values.count + layer.down.values.count
      return total + MemoryLayout<Float>.stride * (rows + 300 * layer.neurons)
    }
  }
}
