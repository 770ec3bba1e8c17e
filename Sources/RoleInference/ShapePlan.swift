import ModelAnatomy

/// The content of a layer of a shuffled model, from shapes alone: a plan of roles, each with all parameters of its shape.
struct ShapePlan {
  /// The plans of attention and of the MLP; their slots are indices of `members`.
  let attention: [LayerPlan]
  let mlp: LayerPlan
  /// The parameters that may be in a slot.
  let members: [[Int]]

  /// The plans that use every matrix that a layer has.
  ///
  /// There are several if attention and MLP can be exchanged: q, k and v in one tensor have the shape of gate and up in one.
  static func plans(_ classes: [[Int]: [Int]], width: Int, layers: Int, isTransposed: Bool) -> [ShapePlan] {
    var table = LayerTable(layers: [0], slots: [], outside: [], basis: .weights)
    var members: [[Int]] = []
    for (shape, all) in classes.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      guard shape.count == 2, all.count >= layers, all.count % layers == 0 else { continue }
      // More matrices of one shape than a layer has: experts, which only names can separate.
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
      // If attention and MLP, or up and down, had equal shapes, they would have to be separated too.
      let shapes = mlp.pieces.map { table.slots[$0.slot].shape }
      guard Set(shapes).isDisjoint(with: first.slots.map { table.slots[$0].shape }) else { continue }
      guard mlp.pieces.allSatisfy({ $0.role == .downProj || members[$0.slot] != members[down.slot] }) else { continue }
      // The weights decide later which matrix of equal shape is the gate.
      if known.insert(shapes).inserted { plans.append(ShapePlan(attention: fitting, mlp: mlp, members: members)) }
    }
    return plans
  }
}
