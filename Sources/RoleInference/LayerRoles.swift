/// The roles of the matrices of a table's layers: every plan that explains most, ranked by what the weights say.
struct LayerRoles: Sendable {
  /// One reading of a layer's matrices.
  struct Choice: Sendable {
    /// Attention; nil where a layer has none that is understood.
    var attention: LayerPlan?
    /// The MLP that every token passes; nil where experts do its work.
    var mlp: LayerPlan?
    /// The experts' MLP.
    var experts: LayerPlan?
    /// The slot of the experts' scores.
    var router: Int?
    /// The head layout, as far as the weights tell.
    var heads: HeadLayout?
    /// See ``RoleReading/distance``.
    var distance = 0.0

    /// The slots that have a role.
    var slots: Set<Int> {
      [attention, mlp, experts].compactMap(\.self).reduce(into: Set([router].compactMap(\.self))) { $0.formUnion($1.slots) }
    }
  }

  /// The likeliest first; never empty, but a choice may have no roles.
  let choices: [Choice]
  /// Elements of the layers' parameters that the choices explain: the same for all of them.
  let explained: Int
  /// Whether the matrices are `[in, out]`.
  let isTransposed: Bool

  /// Readings farther than this from the likeliest are not kept: a plan of a layer with seven square matrices is one of 5040, and
  /// the chance that a right one lies six standard deviations below a wrong one is 10⁻⁹.
  static let mostDistance = 6.0
  private static let mostChoices = 8
  /// Ways to divide a layer's matrices between attention and MLP: 35 where seven are of one shape. Where there are more, shapes tell nothing.
  private static let mostDivisions = 64

  /// Plans and ranks the roles of `table`'s matrices.
  init(_ table: LayerTable, width: Int, isTransposed: Bool, headSizes: [Int], evidence: inout PlanEvidence) {
    self.isTransposed = isTransposed
    let dense = table.slots.indices.filter { table.slots[$0].isMatrix && table.slots[$0].experts.isEmpty }
    let expert = table.slots.indices.filter {
      table.slots[$0].isStack || (table.slots[$0].isMatrix && !table.slots[$0].experts.isEmpty)
    }
    func planner(_ slots: [Int]) -> LayerPlanner {
      LayerPlanner(slots, of: table, width: width, isTransposed: isTransposed, headSizes: headSizes)
    }
    let elements = table.slots.map { slot in slot.shape.reduce(1, *) * slot.members.values.reduce(0) { $0 + $1.count } }
    func size(_ slots: Set<Int>) -> Int { slots.reduce(0) { $0 + elements[$1] } }

    // Experts in one tensor may be turned where the rest is not.
    var experts = Dictionary(grouping: planner(expert).mlp(), by: \.slots)
    if experts.isEmpty {
      let other = LayerPlanner(expert, of: table, width: width, isTransposed: !isTransposed, headSizes: headSizes)
      experts = Dictionary(grouping: other.mlp(), by: \.slots)
    }
    let expertPlans = experts.max { size($0.key) < size($1.key) }?.value ?? []
    let rankedExperts = Self.ranked(expertPlans) { evidence.mlp($0) }
    let expertCount = rankedExperts.first.flatMap { plan in
      plan.plan.pieces.first.map { piece in
        table.slots[piece.slot].isStack ? table.slots[piece.slot].shape[0] : table.slots[piece.slot].experts.count
      }
    }

    // Of all pairs of slots for attention and slots for the MLP, those that explain most.
    let attentions = Dictionary(grouping: planner(dense).attention(), by: \.slots)
    let mlps = Dictionary(grouping: planner(dense).mlp(), by: \.slots)
    var most = -1
    var pairs: [(attention: Set<Int>, mlp: Set<Int>)] = []
    for attention in Array(attentions.keys) + [[]] {
      for mlp in Array(mlps.keys) + [[]] where attention.isDisjoint(with: mlp) {
        let both = size(attention) + size(mlp)
        if both > most { (most, pairs) = (both, []) }
        if both == most { pairs.append((attention, mlp)) }
      }
    }
    if pairs.count > Self.mostDivisions { (most, pairs) = (0, []) }
    pairs.sort { a, b in
      (a.attention.sorted() + a.mlp.sorted()).lexicographicallyPrecedes(b.attention.sorted() + b.mlp.sorted())
    }
    let router = expertCount.flatMap { count in
      dense.first { slot in
        table.slots[slot].shape == (isTransposed ? [width, count] : [count, width])
          && !pairs.contains { $0.attention.contains(slot) || $0.mlp.contains(slot) }
      }
    }
    explained = most + size(rankedExperts.first?.plan.slots ?? []) + (router.map { elements[$0] } ?? 0)

    var found: [(choice: Choice, score: PlanEvidence.Score)] = []
    for pair in pairs {
      var heads: [LayerPlan: HeadLayout] = [:]
      let attention = Self.ranked(attentions[pair.attention] ?? []) { plan in
        let (score, layout) = evidence.attention(plan)
        heads[plan] = layout
        return score
      }
      let mlp = Self.ranked(mlps[pair.mlp] ?? []) { evidence.mlp($0) }
      for a in attention.isEmpty ? [nil] : attention.map(Optional.some) {
        for m in mlp.isEmpty ? [nil] : mlp.map(Optional.some) {
          for e in rankedExperts.isEmpty ? [nil] : rankedExperts.map(Optional.some) {
            let squares = [a, m, e].compactMap { $0?.distance }.reduce(0) { $0 + $1 * $1 }
            let choice = Choice(
              attention: a?.plan, mlp: m?.plan, experts: e?.plan, router: router, heads: a.flatMap { heads[$0.plan] },
              distance: squares.squareRoot())
            let score = [a, m, e].compactMap { $0?.score }.reduce(PlanEvidence.Score(), +)
            found.append((choice, score))
          }
        }
      }
    }
    // Pairs of slots are compared by their best readings.
    let best = found.filter { $0.choice.distance == 0 }.max { $0.score.sum < $1.score.sum }?.score ?? PlanEvidence.Score()
    choices = Array(
      found.map { item in
        var choice = item.choice
        if pairs.count > 1 { choice.distance = max(choice.distance, best.distance(above: item.score)) }
        return choice
      }
      .filter { $0.distance < Self.mostDistance }.enumerated().sorted {
        ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
      }
      .map(\.element).prefix(Self.mostChoices))
  }

  private typealias Ranked = (plan: LayerPlan, score: PlanEvidence.Score, distance: Double)

  /// Plans by their scores, the best first, those too far from it left out. Ties stay in the order of the plans.
  private static func ranked(_ plans: [LayerPlan], score: (LayerPlan) -> PlanEvidence.Score) -> [Ranked] {
    // One plan needs no evidence, but its head layout does.
    let scored = plans.map { ($0, score($0)) }
    guard let best = scored.max(by: { $0.1.sum < $1.1.sum })?.1 else { return [] }
    return scored.enumerated().map { (offset: $0.offset, item: ($0.element.0, $0.element.1, best.distance(above: $0.element.1))) }
      .filter { $0.item.2 < mostDistance }.sorted { ($0.item.2, $0.offset) < ($1.item.2, $1.offset) }.map(\.item)
  }
}
