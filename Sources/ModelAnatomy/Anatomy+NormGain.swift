import TensorViews

extension Anatomy {
  /// The gain of the norm whose output `weight` reads, and whether it is stored as an offset from one (Gemma and others).
  ///
  /// Queries, keys and values read the norm before attention. Gate and up (and the router) read the norm before the MLP. In
  /// parallel blocks this is one norm. A stored head reads the final norm. nil for other weights, for models with norms after
  /// their blocks (OLMo 2, BERT), for a norm without a gain, and for an unknown architecture. O(length of the role's name).
  package func gain(of weight: Weight) -> (gain: Weight, isOffset: Bool)? {
    guard let found = gains.gain(of: weight), weights[found.index].parameters == weight.columns else { return nil }
    return (weights[found.index], found.isOffset)
  }
}
