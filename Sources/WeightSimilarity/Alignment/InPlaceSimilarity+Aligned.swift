import ModelAnatomy

extension InPlaceSimilarity {
  /// The same with the cosines in the foundation's coordinates beside those in place; what has no counterpart in place, because its shape or
  /// its layer is another one, gets a row of its own, and what was matched of it is covered.
  public func aligned(with aligned: AlignedSimilarity) -> InPlaceSimilarity {
    struct Key: Hashable {
      var name: String
      var role: String
      var layer: Int?
      var expert: Int?
    }
    var copy = self
    let places = Dictionary(
      tensors.enumerated().map { (Key(name: $1.candidate, role: $1.role, layer: $1.layer, expert: $1.expert), $0) },
      uniquingKeysWith: { first, _ in first })
    var matched = 0
    for tensor in aligned.tensors {
      if let place = places[Key(name: tensor.candidate, role: tensor.role, layer: tensor.layer, expert: tensor.expert)] {
        copy.tensors[place].alignedCosine = tensor.cosine
      } else {
        matched += tensor.matched
        copy.tensors.append(
          TensorSimilarity(
            candidate: tensor.candidate, foundation: tensor.foundation, layer: tensor.layer,
            foundationLayer: tensor.foundationLayer, role: tensor.role, expert: tensor.expert, shape: tensor.shape,
            parameters: tensor.parameters, isMatrix: true, isWhole: false, nonFiniteCandidate: 0, nonFiniteFoundation: 0,
            alignedCosine: tensor.cosine))
      }
    }
    if copy.tensors.count > tensors.count {
      let order = { (t: TensorSimilarity) in (t.layer ?? -1, Role(name: t.role), t.expert ?? -1) }
      copy.tensors.sort { order($0) < order($1) }
    }
    let tests = Dictionary(layers.compactMap { layer in layer.rowShift.map { (layer.layer, $0) } }, uniquingKeysWith: { $1 })
    copy.layers = Self.layers(of: copy.tensors, tests)
    copy.roles = Self.roles(of: copy.tensors)
    copy.overall = GroupSimilarity(of: copy.tensors)
    if matched > 0, sizes.candidate > 0 {
      copy.coverage = min(1, (coverage ?? 0) + Double(matched) / Double(sizes.candidate))
    }
    return copy
  }
}
