import ModelAnatomy

extension Anatomy {
  /// What each column of `weight` is multiplied by: the numbers of the norm that it reads; nil where it reads none.
  func gains(of weight: Weight) -> [Float]? {
    guard let (gain, isOffset) = gain(of: weight) else { return nil }
    let stored = MatrixRows(gain).read(0..<1, 0..<weight.columns)
    return isOffset ? stored.map { $0 + 1 } : stored
  }
}
