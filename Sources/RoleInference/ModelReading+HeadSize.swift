package import ModelAnatomy

extension ModelReading {
  /// Two models read with heads of one size, if a size was only assumed or given by a config.
  ///
  /// A fused matrix that is cut by heads is cut incorrectly if the size is wrong: its queries, keys and values are then not at
  /// the indices of the other model's. The size of the model that knows it more reliably is used for both if it fits. If both
  /// are equally uncertain, the second model's size is used, since two equal cuts are comparable whatever the true size is.
  /// O(reading the model again), at most once each; nothing when the sizes are certain or equal.
  package static func agreeing(_ first: Anatomy, _ second: Anatomy) -> (Anatomy, Anatomy) {
    if let changed = first.read(withHeadsOf: second, isEqualEnough: true) { return (changed, second) }
    return (first, second.read(withHeadsOf: first, isEqualEnough: false) ?? second)
  }
}

extension Anatomy {
  /// This model with heads of the other model's size; nil if nothing changes, or if this model's size is more reliable.
  fileprivate func read(withHeadsOf other: Anatomy, isEqualEnough: Bool) -> Anatomy? {
    guard let headSize, let wanted = other.headSize, headSize.size != wanted.size, headSize.others.contains(wanted.size),
      isEqualEnough ? wanted.source <= headSize.source : wanted.source < headSize.source
    else { return nil }
    return ModelReading.anatomy(of: source, headSize: wanted.size)
  }
}
