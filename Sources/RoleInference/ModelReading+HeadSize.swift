package import ModelAnatomy

extension ModelReading {
  /// Two models read with heads of one size, where a size was merely assumed or said by a config.
  ///
  /// A fused matrix that is cut by heads is cut wrongly by a wrong size: its queries, keys and values then do not lie where the other model's
  /// do. The size that is known more surely of one model holds for both where it fits; of two that are equally unsure the second model's is
  /// taken, since two equal cuts are comparable whatever the true size is. O(reading the model again), at most once each; nothing when the
  /// sizes are certain or equal.
  package static func agreeing(_ first: Anatomy, _ second: Anatomy) -> (Anatomy, Anatomy) {
    if let changed = first.read(withHeadsOf: second, isEqualEnough: true) { return (changed, second) }
    return (first, second.read(withHeadsOf: first, isEqualEnough: false) ?? second)
  }
}

extension Anatomy {
  /// This model with heads of the other model's size; nil when there is nothing to change, or this model's size is known more surely.
  fileprivate func read(withHeadsOf other: Anatomy, isEqualEnough: Bool) -> Anatomy? {
    guard let headSize, let wanted = other.headSize, headSize.size != wanted.size, headSize.others.contains(wanted.size),
      isEqualEnough ? wanted.source <= headSize.source : wanted.source < headSize.source
    else { return nil }
    return ModelReading.anatomy(of: source.base, with: adapter?.change, headSize: wanted.size)
  }
}
