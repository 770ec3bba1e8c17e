package import ModelAnatomy
package import Threads
import WeightSimilarity

extension BasisRecovery {
  /// The search over two models' MLPs; nil when one of them has none that could be read, or they are of different kinds.
  ///
  /// Rows of the token tables are tried as seeds where both have about as many: models of one tokenizer then have the same token in a
  /// row; if they have not, one hypothesis more was tried. Of models with many experts the largest few of each layer are read
  /// (`SearchSizes.units`). Cost: one read of those MLPs, and of all gates where they are a few of many.
  ///
  /// `cache`: keeps what was read of these models for other pairs.
  package init?(candidate: Anatomy, foundation: Anatomy, workers: Workers, cache: NeuronCache? = nil) {
    let sizes = SearchSizes()
    // One number for both, so that an expert is among those of both.
    let experts = min(sizes.experts(layers: candidate.layers), sizes.experts(layers: foundation.layers))
    let candidateUnits = NeuronMatrices.all(of: candidate)
    let foundationUnits = NeuronMatrices.all(of: foundation)
    guard Self.areOfOneWidth(candidateUnits), Self.areOfOneWidth(foundationUnits) else { return nil }
    // Which experts are the largest costs a read of its own; here only their number matters.
    let reading = NeuronReading(
      candidate: NeuronMatrices.first(experts, of: candidateUnits),
      foundation: NeuronMatrices.first(experts, of: foundationUnits),
      sizes: sizes)
    func model(_ anatomy: Anatomy, _ units: [NeuronMatrices]) -> NeuronModel {
      func read() -> NeuronModel {
        NeuronModel(NeuronMatrices.largest(experts, of: units, workers: workers), reading, workers: workers)
      }
      // Roles that were inferred may be others in the next pair, and a cancelled read is incomplete: neither is kept.
      guard let cache, anatomy.inference == nil, !workers.isCancelled else { return read() }
      return cache.model(anatomy, experts: experts, reading, workers, read)
    }
    self.init(
      candidate: model(candidate, candidateUnits), foundation: model(foundation, foundationUnits),
      tokens: Self.tokens(candidate, candidateUnits[0].width, foundation, foundationUnits[0].width), sizes: sizes,
      workers: workers)
  }

  /// The token tables, where they may have the same token in a row.
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
