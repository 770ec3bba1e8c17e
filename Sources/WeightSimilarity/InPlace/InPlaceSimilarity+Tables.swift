import ModelAnatomy

extension InPlaceSimilarity {
  /// The share of the compared token tables of these roles in the parameters of all compared token tables and of the candidate's
  /// layers, 0 … 1. O(tensors).
  package func tokenTableShare(of roles: Set<String>) -> Double {
    let tables = tensors.filter { $0.key.role.isTokenTable }
    let all = tables.reduce(layerSizes.all.total) { $0 + $1.parameters }
    let own = tables.reduce(0) { $0 + (roles.contains($1.key.role.name) ? $1.parameters : 0) }
    return Double(own) / Double(max(1, all))
  }
}
