import BasisRecovery
import WeightSimilarity

extension Rewrite {
  /// All changes to a candidate's weights without training: to the residual stream, neurons, heads, gains, layers and tables, and
  /// to the storage.
  ///
  /// Each has a separate test, with one false rewrite in a thousand once the models are known to be related. Effects of training
  /// alone (a little noise on the basis, a few neurons that match by chance) are no rewrites.
  static func all(_ similarity: InPlaceSimilarity, _ alignment: Alignment?, _ gains: GainRewrite?) -> [Rewrite] {
    var found = alignment.map(masks) ?? []
    if let gains, gains.areFolded { found.append(.normGainsFolded) }
    if let gains, gains.areTraded { found.append(.normGainsTraded) }
    found += similarity.order.map(moves) ?? []
    if haveEmbeddingsBeenReplaced(similarity) { found.append(.embeddingsReplaced) }
    if let alignment, alignment.copiedExperts > 0, !similarity.rewrites.contains(.expertsCopied) { found.append(.expertsCopied) }
    return found + similarity.rewrites
  }

  /// The rewrites of channels, neurons and heads.
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

  /// True if the token table is not the foundation's, but most of the layers are.
  private static func haveEmbeddingsBeenReplaced(_ similarity: InPlaceSimilarity) -> Bool {
    func cosine(_ group: GroupSimilarity) -> Double? { group.alignedCosine ?? group.cosine }
    let tables = similarity.roles.filter { $0.role == "embed_tokens" || $0.role == "lm_head" }
    let others = similarity.layers.compactMap { cosine($0.similarity) }
    guard !tables.isEmpty, !others.isEmpty else { return false }
    let kin = others.filter { $0 * $0 >= 0.5 }
    return 2 * kin.count >= others.count
      && tables.contains { table in cosine(table.similarity).map { !TensorSimilarity.isInPlace(cosine: $0) } ?? false }
  }

  /// The moves of layers, from the origin of each layer. Layers of unknown origin are matched in number with missing layers of
  /// the foundation. More missing than unknown layers means that layers were dropped; more unknown than missing means that layers
  /// were inserted.
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
    if !rises(origins, over: used.sorted()) { found.append(.layersReordered) }
    return found
  }

  /// Whether each of the `layers` is among the origins behind one of the layer before it. A repeated block starts again at a lower layer:
  /// a step down means another order only if a layer is nowhere in its place.
  private static func rises(_ origins: [Int], over layers: [Int]) -> Bool {
    var place = 0
    for layer in layers {
      guard let next = origins[place...].firstIndex(of: layer) else { return false }
      place = next
    }
    return true
  }
}
