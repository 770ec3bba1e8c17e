extension Anatomy {
  /// Two models read with heads of one size, where a size was merely assumed or said by a config.
  ///
  /// A fused matrix that is cut by heads is cut in the wrong places by a wrong size, and then its queries, keys and values do not stand
  /// where the other model's do. What is known more surely of one model holds for both where it fits; of two that are equally unsure
  /// the second one's is taken, since two equal cuts are comparable whatever the true size is. O(reading the model again), at most once
  /// each; nothing when the sizes are certain or equal.
  public static func agreeing(_ a: Anatomy, _ b: Anatomy) -> (Anatomy, Anatomy) {
    if let ours = a.readingHeads(as: b, isEqualEnough: true) { return (ours, b) }
    return (a, b.readingHeads(as: a, isEqualEnough: false) ?? b)
  }

  /// This model with heads of the other's size; nil when there is nothing to change, or what tells this one's is surer.
  private func readingHeads(as other: Anatomy, isEqualEnough: Bool) -> Anatomy? {
    guard let own = headSize, let size = other.headSize, own.size != size.size, own.others.contains(size.size),
      isEqualEnough ? size.source <= own.source : size.source < own.source
    else { return nil }
    return Anatomy(of: adapter?.base ?? checkpoint, with: adapter?.change, headSize: size.size)
  }
}
