import ModelAnatomy

/// What the shapes of a shuffled model say that a layer is made of: a plan of roles, each with all parameters of its shape.
struct ShapePlan {
  /// Attention's and the MLP's plans; their slots are indices of `members`.
  let attention: [LayerPlan]
  let mlp: LayerPlan
  /// The parameters that may stand in a slot.
  let members: [[Int]]

  /// The plans that use every matrix that a layer has.
  ///
  /// Several, where attention and MLP may be exchanged: q, k and v in one tensor look like gate and up in one.
  static func plans(_ classes: [[Int]: [Int]], width: Int, layers: Int, isTransposed: Bool) -> [ShapePlan] {
    var table = LayerTable(layers: [0], slots: [], outside: [], basis: .weights)
    var members: [[Int]] = []
    for (shape, all) in classes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      guard shape.count == 2, all.count >= layers, all.count % layers == 0 else { continue }
      // More of one shape than a layer has matrices: experts, which have to be told by names.
      guard all.count / layers <= 7 else { return [] }
      for _ in 0..<all.count / layers {
        table.slots.append(LayerTable.Slot(key: "", shape: shape, members: [0: [0]]))
        members.append(all)
      }
    }
    let planner = LayerPlanner(Array(table.slots.indices), of: table, width: width, isTransposed: isTransposed, headSizes: [])
    let attentions = planner.attention()
    let all = Set(table.slots.indices)
    var plans: [ShapePlan] = []
    var known: Set<[[Int]]> = []
    for mlp in planner.mlp() {
      let fitting = attentions.filter { $0.slots.isDisjoint(with: mlp.slots) && $0.slots.union(mlp.slots) == all }
      guard let first = fitting.first, let down = mlp.piece(.downProj) else { continue }
      // Attention and MLP of equal shapes, or up and down, would have to be told apart too.
      let shapes = mlp.pieces.map { table.slots[$0.slot].shape }
      guard Set(shapes).isDisjoint(with: first.slots.map { table.slots[$0].shape }) else { continue }
      guard mlp.pieces.allSatisfy({ $0.role == .downProj || members[$0.slot] != members[down.slot] }) else { continue }
      // Which of equal shapes is gate is asked of the weights later.
      if known.insert(shapes).inserted { plans.append(ShapePlan(attention: fitting, mlp: mlp, members: members)) }
    }
    return plans
  }
}
