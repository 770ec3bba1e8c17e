package import Threads
package import WeightSimilarity

extension BasisRecovery {
  /// Reads the neurons of two models: for each layer or expert all, or as many as memory allows of those with the largest norm
  /// product.
  ///
  /// `tokens`: the token tables, one row per token, if both models have the same token in a row. Their common rows are used, some
  /// thousands of them. Cost: one read of all MLPs.
  package init(
    candidate: [NeuronMatrices], foundation: [NeuronMatrices], tokens: (candidate: MatrixRows, foundation: MatrixRows)? = nil,
    workers: Workers, seed: UInt64 = 1
  ) {
    self.init(candidate, foundation, tokens: tokens, sizes: SearchSizes(), workers: workers, seed: seed)
  }

  /// Reads the neurons of two models, as many as `sizes` says.
  init(
    _ candidate: [NeuronMatrices], _ foundation: [NeuronMatrices], tokens: (candidate: MatrixRows, foundation: MatrixRows)?,
    sizes: SearchSizes, workers: Workers, seed: UInt64 = 1
  ) {
    let reading = NeuronReading(candidate: candidate, foundation: foundation, sizes: sizes)
    self.init(
      candidate: NeuronModel(candidate, reading, workers: workers),
      foundation: NeuronModel(foundation, reading, workers: workers),
      tokens: tokens, sizes: sizes, workers: workers, seed: seed)
  }
}
