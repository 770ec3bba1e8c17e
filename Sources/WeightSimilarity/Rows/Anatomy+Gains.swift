package import ModelAnatomy

extension Anatomy {
  /// The gains of the norm whose output `weight` reads, one number per column of `weight`; nil if it reads no norm.
  package func gains(of weight: Weight) -> [Float]? {
    guard let (gain, isOffset) = gain(of: weight) else { return nil }
    let stored = MatrixRows(gain).read(0..<1, 0..<weight.columns)
    return isOffset ? stored.map { $0 + 1 } : stored
  }
}
