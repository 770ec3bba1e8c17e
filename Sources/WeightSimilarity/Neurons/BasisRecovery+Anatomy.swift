public import ModelAnatomy

extension BasisRecovery {
  /// The search over two models' MLPs; nil when one of them has none that is understood, or they are of different kinds.
  ///
  /// Rows of the token tables are tried as seeds where both have about as many: models of one tokenizer then have the same token in a row,
  /// and if they have not, a hypothesis was tried in vain. Of models with many experts a few of each layer are looked at (`SearchSizes.units`), the largest.
  /// Cost: one read of those MLPs, and of all gates where they are a few of many.
  ///
  /// `cache`: what was read of these models for other pairs, and will be for the next ones.
  public init?(candidate: Anatomy, foundation: Anatomy, workers: Workers, cache: NeuronCache? = nil) {
    let sizes = SearchSizes()
    // One number for both, so that an expert is among those of both.
    let experts = min(sizes.experts(layers: candidate.layers), sizes.experts(layers: foundation.layers))
    let (b, a) = (NeuronMatrices.all(of: candidate), NeuronMatrices.all(of: foundation))
    guard Self.areOfOneWidth(b), Self.areOfOneWidth(a) else { return nil }
    func table(_ anatomy: Anatomy) -> Weight? {
      anatomy.weights.first { $0.role == .embedTokens && $0.isMatrix && $0.components == 1 }
    }
    var tokens: (candidate: MatrixRows, foundation: MatrixRows)?
    if let own = table(candidate), let other = table(foundation), 2 * min(own.rows, other.rows) >= max(own.rows, other.rows),
      own.columns == b[0].width, other.columns == a[0].width
    {
      tokens = (MatrixRows(own), MatrixRows(other))
    }
    // Which experts are read costs a read of its own: here it matters only how many they are.
    let some = [b, a].map { NeuronMatrices.first(experts, of: $0) }
    self.init(some[0], some[1], tokens: tokens, sizes: sizes, workers: workers) { model, most, isGated in
      let (anatomy, matrices) = model == 0 ? (candidate, b) : (foundation, a)
      func read() -> NeuronModel {
        let largest = NeuronMatrices.largest(experts, of: matrices, workers: workers)
        return NeuronModel(largest, most: most, isGated: isGated, workers: workers)
      }
      // Roles that were inferred may be others in the next pair.
      return (anatomy.inference == nil ? cache : nil)?.model(anatomy, experts: experts, most: most, isGated: isGated, read)
        ?? read()
    }
  }

  private static func areOfOneWidth(_ units: [NeuronMatrices]) -> Bool {
    guard let first = units.first else { return false }
    return units.allSatisfy { $0.width == first.width }
  }
}
