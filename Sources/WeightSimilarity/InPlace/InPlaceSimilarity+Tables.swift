import ModelAnatomy

extension InPlaceSimilarity {
  /// The share of the compared token tables in the parameters of these tables and of the candidate's layers, 0 … 1.
  package var tokenTableShare: Double {
    let tables = tensors.filter { $0.key.role.isTokenTable }.reduce(0) { $0 + $1.parameters }
    return Double(tables) / Double(max(1, tables + layerSizes.all.total))
  }
}
