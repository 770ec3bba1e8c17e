package import ModelAnatomy
package import Threads
import WeightSimilarity

extension BasisRecovery {
  /// The search over the MLPs of two models; nil if one of them has no MLP that can be read, or has MLPs of different widths.
  ///
  /// Rows of the token tables are tried as seeds if both have about as many rows. Models with one tokenizer then have the same
  /// token in a row; otherwise one more hypothesis was tried. Of models with many experts only the few largest of each layer are
  /// read (`SearchSizes.units`). Cost: one read of those MLPs, and of all gates if only some experts are read.
  ///
  /// `cache`: keeps the neurons read from these models for other pairs.
  package init?(candidate: Anatomy, foundation: Anatomy, workers: Workers, cache: NeuronCache? = nil) {
    let sizes = SearchSizes()
    // The same number for both models, so that an expert and its copy are both read.
    let experts = min(sizes.experts(layers: candidate.layers), sizes.experts(layers: foundation.layers))
    let starts = CommonStart.shared(by: candidate, and: foundation)
    let candidateUnits = NeuronMatrices.all(of: candidate, without: starts?.candidate)
    let foundationUnits = NeuronMatrices.all(of: foundation, without: starts?.foundation)
    guard Self.areOfOneWidth(candidateUnits), Self.areOfOneWidth(foundationUnits) else { return nil }
    // Finding the largest experts costs a separate read; here only their number matters.
    let reading = NeuronReading(
      candidate: NeuronMatrices.first(experts, of: candidateUnits),
      foundation: NeuronMatrices.first(experts, of: foundationUnits),
      sizes: sizes)
    func model(_ anatomy: Anatomy, _ units: [NeuronMatrices]) -> NeuronModel {
      func read() -> NeuronModel {
        NeuronModel(NeuronMatrices.largest(experts, of: units, workers: workers), reading, workers: workers)
      }
      // Inferred roles, and what is left out, may differ in the next pair, and a cancelled read is incomplete: none is kept.
      guard let cache, anatomy.inference == nil, starts == nil, !workers.isCancelled else { return read() }
      return cache.model(anatomy, experts: experts, reading, workers, read)
    }
    self.init(
      candidate: model(candidate, candidateUnits), foundation: model(foundation, foundationUnits),
      tokens: Self.tokens(candidate, candidateUnits[0].width, foundation, foundationUnits[0].width), sizes: sizes,
      workers: workers)
  }

  /// The token tables, if both may have the same token in a row.
  private static func tokens(
    _ candidate: Anatomy, _ candidateWidth: Int, _ foundation: Anatomy, _ foundationWidth: Int
  ) -> (candidate: MatrixRows, foundation: MatrixRows)? {
    func table(_ anatomy: Anatomy, _ width: Int) -> Weight? {
      let table = anatomy.weights.first { $0.role == .embedTokens && $0.isMatrix && $0.components == 1 }
      return table.flatMap { $0.columns == width ? $0 : nil }
    }
    guard let own = table(candidate, candidateWidth), let other = table(foundation, foundationWidth),
      2 * min(own.rows, other.rows) >= max(own.rows, other.rows)
    else { return nil }
    return (MatrixRows(own), MatrixRows(other))
  }

  private static func areOfOneWidth(_ units: [NeuronMatrices]) -> Bool {
    guard let first = units.first else { return false }
    return units.allSatisfy { $0.width == first.width }
  }
}
