import ModelAnatomy

extension InPlaceSimilarity {
  /// This similarity with the cosines in the foundation's coordinates added to those in place. A weight that has no counterpart
  /// in place, because its shape or its layer differs, gets a separate row, and its matched part counts as covered. O(tensors).
  package func aligned(with aligned: AlignedSimilarity) -> InPlaceSimilarity {
    var copy = self
    let indices = Dictionary(
      tensors.enumerated().map { (NamedKey(name: $1.candidate, key: $1.key), $0) }, uniquingKeysWith: { first, _ in first })
    var matched = 0
    for tensor in aligned.tensors {
      let similarity = tensor.similarity
      if let index = indices[NamedKey(name: similarity.candidate, key: similarity.key)] {
        copy.tensors[index].alignedCosine = similarity.alignedCosine
      } else {
        // A weight that has a counterpart only after masks are undone.
        matched += tensor.matched
        copy.tensors.append(similarity)
      }
    }
    if copy.tensors.count > tensors.count { copy.tensors.sort { $0.key < $1.key } }
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

/// The part of a tensor that has one role: a fused tensor has several parts.
struct NamedKey: Hashable {
  var name: String
  var key: WeightKey
}
