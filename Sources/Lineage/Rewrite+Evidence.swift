import BasisRecovery
import WeightSimilarity

extension Rewrite {
  /// Everything that was done to a candidate's weights without training: to the residual stream, neurons, heads, gains, layers and tables, and
  /// the way of storing.
  ///
  /// Each has a test of its own, with one false rewrite in a thousand once the models are known to be kin. What trained weights do by
  /// themselves (a little noise on the basis, a few neurons that match by chance) is no rewrite.
  static func all(_ similarity: InPlaceSimilarity, _ alignment: Alignment?, _ gains: GainRewrite?) -> [Rewrite] {
    var found = alignment.map(masks) ?? []
    if let gains, gains.areFolded { found.append(.normGainsFolded) }
    if let gains, gains.areTraded { found.append(.normGainsTraded) }
    found += similarity.order.map(moves) ?? []
    if haveEmbeddingsBeenReplaced(similarity) { found.append(.embeddingsReplaced) }
    if let alignment, alignment.copiedExperts > 0, !similarity.rewrites.contains(.expertsCopied) { found.append(.expertsCopied) }
    return found + similarity.rewrites
  }

  /// What was done to channels, neurons and heads.
  private static func masks(_ alignment: Alignment) -> [Rewrite] {
    let (channels, neurons) = (alignment.channels, alignment.neurons)
    let tests: [(Bool, Rewrite)] = [
      (channels.isRotated, .residualBasisRotated),
      (channels.isPermuted, .residualChannelsPermuted),
      (channels.hasTurnedSigns, .residualChannelSignsFlipped),
      (neurons.arePermuted, .neuronsPermuted),
      (neurons.haveTurnedSigns, .neuronSignsFlipped),
      (neurons.trade.isFound, .neuronScalesTraded),
      (alignment.areHeadsPermuted, .headsPermuted),
      (alignment.areHeadsRotated, .headsRotated),
      (alignment.haveHeadsTurnedSigns, .headSignsFlipped),
      (alignment.headTrade.isFound, .headScalesTraded),
    ]
    return tests.filter(\.0).map(\.1)
  }

  /// True when the token table is not the foundation's and most of the layers are.
  private static func haveEmbeddingsBeenReplaced(_ similarity: InPlaceSimilarity) -> Bool {
    func cosine(_ group: GroupSimilarity) -> Double? { group.alignedCosine ?? group.cosine }
    let tables = similarity.roles.filter { $0.role == "embed_tokens" || $0.role == "lm_head" }
    let others = similarity.layers.compactMap { cosine($0.similarity) }
    guard !tables.isEmpty, !others.isEmpty else { return false }
    let kin = others.filter { $0 * $0 >= 0.5 }
    return 2 * kin.count >= others.count
      && tables.contains { table in cosine(table.similarity).map { !TensorSimilarity.isInPlace(cosine: $0) } ?? false }
  }

  /// How layers were moved, from where each comes from. Layers of unknown origin stand for as many of the foundation's that are missing:
  /// what is missing beyond them was dropped, what is unknown beyond those was inserted.
  static func moves(_ order: LayerOrder) -> [Rewrite] {
    let places = Dictionary(uniqueKeysWithValues: zip(order.foundationLayers, 0...))
    let origins = order.candidateLayers.compactMap { order.origins[$0] }.compactMap { places[$0] }
    guard !origins.isEmpty else { return [] }
    let used = Set(origins)
    let (missing, unknown) = (places.count - used.count, order.candidateLayers.count - origins.count)
    var found: [Rewrite] = []
    if missing > unknown { found.append(.layersDropped) }
    if used.count < origins.count { found.append(.layersRepeated) }
    if unknown > missing { found.append(.layersInserted) }
    // A repeated block begins again at a lower layer; only without repeats does a step down mean another order.
    if used.count == origins.count, zip(origins, origins.dropFirst()).contains(where: { $0 > $1 }) {
      found.append(.layersReordered)
    }
    return found
  }
}
