import TensorViews

extension Anatomy {
  /// The gain of the norm whose output `weight` reads, and whether it is stored as what is added to one (Gemma and others).
  ///
  /// Queries, keys and values read the norm in front of attention, gate and up (and the router) that in front of the MLP, both the same one
  /// in parallel blocks, and a stored head the final one. nil for other weights, for models with norms behind their blocks
  /// (OLMo 2, BERT), where the norm has no gain, and where the architecture is not known. O(length of the role's name).
  package func gain(of weight: Weight) -> (gain: Weight, isOffset: Bool)? {
    guard let found = gains.gain(of: weight), weights[found.place].parameters == weight.columns else { return nil }
    return (weights[found.place], found.isOffset)
  }
}
