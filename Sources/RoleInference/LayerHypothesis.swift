/// One way to divide parameters into layers, with the roles that it gives in one orientation.
struct LayerHypothesis {
  let table: LayerTable
  let width: Int
  let roles: LayerRoles
  let evidence: PlanEvidence
  /// Whether norms of heads give the size of a head.
  let hasHeadNorms: Bool

  init(_ table: LayerTable, width: Int, isTransposed: Bool, headSize: Int?, reader: NeuronSampler) {
    self.table = table
    self.width = width
    // Norms of heads give the size of a head: two vectors a layer, shorter than the width of the residual stream.
    let lengths = table.slots.filter { $0.isVector && $0.shape[0] < width }.map { $0.shape[0] }
    let outputs = Set(table.slots.filter { $0.isMatrix }.flatMap(\.shape))
    let normed = HeadLayout.knownSizes.filter { size in lengths.count { $0 == size } == 2 && !outputs.contains(size) }
    let headSizes = headSize.map { [$0] } ?? normed
    hasHeadNorms = !headSizes.isEmpty
    var search = LayerRoleSearch(
      table, width: width, isTransposed: isTransposed, headSizes: headSizes,
      evidence: PlanEvidence(table, headSizes: headSizes, reader: reader))
    roles = search.roles()
    evidence = search.evidence
  }
}
