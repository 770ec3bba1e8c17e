import ModelAnatomy

/// Finds the roles of a layer's matrices: plans by shapes, ranked by weights.
struct LayerRoleSearch {
  private let table: LayerTable
  private let width: Int
  private let isTransposed: Bool
  private let headSizes: [Int]
  /// Elements of all parameters of each slot.
  private let elements: [Int]
  /// The evidence of the weights, with a cache of its results.
  private(set) var evidence: PlanEvidence

  private static let mostChoices = 8
  /// Ways to divide a layer's matrices between attention and MLP: 35 for seven of one shape. If there are more, shapes do not
  /// help.
  private static let mostDivisions = 64

  /// A search in the layers of `table`; `isTransposed` if matrices are `[in, out]`, `headSizes` as in ``LayerPlanner``.
  init(_ table: LayerTable, width: Int, isTransposed: Bool, headSizes: [Int], evidence: PlanEvidence) {
    self.table = table
    self.width = width
    self.isTransposed = isTransposed
    self.headSizes = headSizes
    self.evidence = evidence
    elements = table.slots.map { slot in slot.shape.reduce(1, *) * slot.members.values.reduce(0) { $0 + $1.count } }
  }

  /// The roles, if shapes allow plans.
  mutating func roles() -> LayerRoles {
    let dense = table.slots.indices.filter { table.slots[$0].isMatrix && table.slots[$0].experts.isEmpty }
    let experts = ranked(expertPlans()) { $0.mlp($1) }
    let divisions = Divisions(
      attentions: planner(dense).attention(), mlps: planner(dense).mlp(), size: size, limit: Self.mostDivisions)
    let router = router(of: experts.first?.plan, among: dense, beside: divisions)
    let explained = divisions.explained + size(experts.first?.plan.slots ?? []) + (router.map { elements[$0] } ?? 0)
    let found = divisions.pairs.flatMap { pair in
      choices(attention: divisions.attentions[pair.attention] ?? [], mlp: divisions.mlps[pair.mlp] ?? [], experts, router)
    }
    return LayerRoles(
      choices: Self.nearest(found, areDivided: divisions.pairs.count > 1), explained: explained, isTransposed: isTransposed)
  }

  private func planner(_ slots: [Int], isTurned: Bool = false) -> LayerPlanner {
    LayerPlanner(slots, of: table, width: width, isTransposed: isTransposed != isTurned, headSizes: headSizes)
  }

  private func size(_ slots: Set<Int>) -> Int { slots.reduce(0) { $0 + elements[$1] } }

  // MARK: Experts

  /// The plans of the experts' MLP that explain the most elements.
  private func expertPlans() -> [LayerPlan] {
    let slots = table.slots.indices.filter {
      table.slots[$0].isStack || (table.slots[$0].isMatrix && !table.slots[$0].experts.isEmpty)
    }
    var plans = planner(slots).mlp()
    // Experts in one tensor may be transposed when the other matrices are not.
    if plans.isEmpty { plans = planner(slots, isTurned: true).mlp() }
    // Ties go to the first by slots, so that the choice does not depend on hashing.
    let most = Dictionary(grouping: plans, by: \.slots).min { a, b in
      let sizes = (size(a.key), size(b.key))
      return sizes.0 == sizes.1 ? a.key.sorted().lexicographicallyPrecedes(b.key.sorted()) : sizes.0 > sizes.1
    }
    return most?.value ?? []
  }

  /// The slot of the router of the experts of `plan`: a matrix with one output per expert that no division uses.
  private func router(of plan: LayerPlan?, among dense: [Int], beside divisions: Divisions) -> Int? {
    guard let slot = plan?.pieces.first.map({ table.slots[$0.slot] }) else { return nil }
    let count = slot.isStack ? slot.shape[0] : slot.experts.count
    return dense.first { candidate in
      table.slots[candidate].shape == (isTransposed ? [width, count] : [count, width])
        && !divisions.pairs.contains { $0.attention.contains(candidate) || $0.mlp.contains(candidate) }
    }
  }

  // MARK: Attention and MLP

  /// The divisions of a layer's matrices between attention and MLP that explain the most elements.
  private struct Divisions {
    /// Plans by the slots that they use.
    let attentions: [Set<Int>: [LayerPlan]]
    let mlps: [Set<Int>: [LayerPlan]]
    /// Slots of attention and slots of the MLP; empty if there are more than the limit.
    private(set) var pairs: [(attention: Set<Int>, mlp: Set<Int>)] = []
    /// Elements that each pair explains.
    private(set) var explained = -1

    init(attentions: [LayerPlan], mlps: [LayerPlan], size: (Set<Int>) -> Int, limit: Int) {
      self.attentions = Dictionary(grouping: attentions, by: \.slots)
      self.mlps = Dictionary(grouping: mlps, by: \.slots)
      for attention in Array(self.attentions.keys) + [[]] {
        for mlp in Array(self.mlps.keys) + [[]] where attention.isDisjoint(with: mlp) {
          let both = size(attention) + size(mlp)
          if both > explained { (explained, pairs) = (both, []) }
          if both == explained { pairs.append((attention, mlp)) }
        }
      }
      if pairs.count > limit { (explained, pairs) = (0, []) }
      pairs.sort { a, b in
        (a.attention.sorted() + a.mlp.sorted()).lexicographicallyPrecedes(b.attention.sorted() + b.mlp.sorted())
      }
    }
  }

  // MARK: Ranking

  private typealias Ranked = (plan: LayerPlan, score: PlanEvidence.Score, distance: Double)
  private typealias Scored = (choice: LayerRoles.Choice, score: PlanEvidence.Score)

  /// Every combination of a plan of attention, of the MLP and of the experts; a kind without plans is left out.
  private mutating func choices(attention: [LayerPlan], mlp: [LayerPlan], _ experts: [Ranked], _ router: Int?) -> [Scored] {
    var heads: [LayerPlan: HeadLayout] = [:]
    let attention = ranked(attention) { evidence, plan in
      let (score, layout) = evidence.attention(plan)
      heads[plan] = layout
      return score
    }
    let mlp = ranked(mlp) { $0.mlp($1) }
    var found: [Scored] = []
    for a in Self.optional(attention) {
      for m in Self.optional(mlp) {
        for e in Self.optional(experts) {
          let squares = [a, m, e].compactMap { $0?.distance }.reduce(0) { $0 + $1 * $1 }
          let choice = LayerRoles.Choice(
            attention: a?.plan, mlp: m?.plan, experts: e?.plan, router: router, heads: a.flatMap { heads[$0.plan] },
            distance: squares.squareRoot())
          found.append((choice, [a, m, e].compactMap { $0?.score }.reduce(PlanEvidence.Score(), +)))
        }
      }
    }
    return found
  }

  /// The plans, or only nil if there are none.
  private static func optional(_ plans: [Ranked]) -> [Ranked?] { plans.isEmpty ? [nil] : plans.map(Optional.some) }

  /// Plans by their scores, the best first, without those too far from the best. Ties stay in the order of the plans.
  private mutating func ranked(
    _ plans: [LayerPlan], score: (inout PlanEvidence, LayerPlan) -> PlanEvidence.Score
  ) -> [Ranked] {
    // One plan needs no evidence, but its head layout does.
    let scored = plans.map { ($0, score(&evidence, $0)) }
    guard let best = scored.max(by: { $0.1.sum < $1.1.sum })?.1 else { return [] }
    return scored.enumerated().map { (offset: $0.offset, item: ($0.element.0, $0.element.1, best.distance(above: $0.element.1))) }
      .filter { $0.item.2 < LayerRoles.mostDistance }.sorted { ($0.item.2, $0.offset) < ($1.item.2, $1.offset) }.map(\.item)
  }

  /// The choices near the likeliest one, by distance. Several divisions are compared by their best readings.
  private static func nearest(_ found: [Scored], areDivided: Bool) -> [LayerRoles.Choice] {
    let best = found.filter { $0.choice.distance == 0 }.max { $0.score.sum < $1.score.sum }?.score ?? PlanEvidence.Score()
    let choices = found.map { item in
      var choice = item.choice
      if areDivided { choice.distance = max(choice.distance, best.distance(above: item.score)) }
      return choice
    }
    return Array(
      choices.filter { $0.distance < LayerRoles.mostDistance }.enumerated()
        .sorted { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }.map(\.element).prefix(mostChoices))
  }
}
