extension InPlaceSimilarity {
  /// The share of the candidate's parameters that come from the foundation, if only some of the compared ones do; nil for a model without
  /// weights.
  ///
  /// `isShared` tells it of a tensor where it is known. A matrix of which it is not counts if it is in place, or if no matrix of a layer
  /// is, because masks move all of them.
  package func sharedShare(_ isShared: (TensorSimilarity) -> Bool?) -> Double? {
    let isMasked = !tensors.contains { $0.layer != nil && $0.isMatrix && $0.isInPlace }
    let all = tensors.reduce(0) { $0 + $1.parameters }
    let shared = tensors.filter { isShared($0) ?? (isMasked || $0.isInPlace) }.reduce(0) { $0 + $1.parameters }
    return comparedShare.map { all == 0 ? $0 : $0 * Double(shared) / Double(all) }
  }
}
