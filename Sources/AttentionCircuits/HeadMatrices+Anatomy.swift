package import ModelAnatomy
package import WeightSimilarity

extension HeadMatrices {
  /// The attention layers of a model, ascending: those that have all four matrices with matching shapes. Layers with latent
  /// attention and layers without attention are left out. Reads nothing but gains. `start`: what all layers have
  /// in common, which is taken out of each.
  package static func all(of anatomy: Anatomy, without start: CommonStart? = nil) -> [HeadMatrices] {
    func rows(_ weight: Weight) -> MatrixRows { start?.removed(from: weight) ?? MatrixRows(weight) }
    let index = WeightIndex(anatomy)
    let norms = Set(anatomy.weights.filter { $0.role.name.hasSuffix(".bias") }.map { WeightKey(of: $0) })
    return anatomy.layerNumbers.compactMap { layer in
      func matrix(_ role: Role) -> Weight? { index.first(role, layer: layer) { $0.isMatrix && $0.components == 1 } }
      guard let query = matrix(.qProj), let key = matrix(.kProj), let value = matrix(.vProj), let output = matrix(.oProj) else {
        return nil
      }
      // A norm with a bias is a LayerNorm: it subtracts the mean of the channels.
      let norm = anatomy.gain(of: query)?.gain
      let bias = norm.map { WeightKey(role: Role(name: $0.role.name + ".bias"), layer: layer) }
      return HeadMatrices(
        layer: layer, query: rows(query), key: rows(key), value: rows(value), output: rows(output),
        gain: anatomy.gains(of: query), isCentred: bias.map(norms.contains) ?? false)
    }
  }

  /// The head sizes with which two models are read, the likeliest first. A size that tensors, weights or a config show is the
  /// only one. A size that is known of one model alone is tried for both, and of two unknown ones the common sizes that fit.
  static func sizes(_ candidate: Anatomy, _ foundation: Anatomy) -> [(candidate: Int, foundation: Int)] {
    func known(_ anatomy: Anatomy) -> Int? { anatomy.headSize.flatMap { $0.source == .assumed ? nil : $0.size } }
    let (own, other) = (known(candidate), known(foundation))
    if let size = own ?? other { return [(own ?? size, other ?? size)] }
    return CircuitSizes.commonHeads.map { ($0, $0) }
  }
}
