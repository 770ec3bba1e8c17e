import WeightSimilarity

/// The models of a scan as the nodes of a tree. Identical copies share one node.
struct TreeNodes {
  /// The names of each node's models: simplest storage first, then in the order of their bytes.
  private(set) var names: [[String]] = []
  /// The traits of each node's first model.
  private(set) var traits: [ModelTraits] = []
  private(set) var parameters: [Int] = []
  /// The verdict on two related nodes, by their indices, the lower first.
  private(set) var kin: [Edge: Verdict] = [:]
  /// The distances that replace those of the verdicts.
  private var layerDistances: [Edge: Double] = [:]
  /// The number of related nodes of each node.
  private var degrees: [Int] = []
  private var positions: [ModelID: Int] = [:]

  /// Two nodes, the lower one first.
  struct Edge: Hashable {
    let a: Int
    let b: Int

    init(_ a: Int, _ b: Int) { (self.a, self.b) = (min(a, b), max(a, b)) }
  }

  /// `traits`: one for each model of the findings, in their order. O(pairs).
  init(_ findings: ScanFindings, traits all: [ModelTraits]) {
    let models = findings.models
    let readable = models.indices.filter { models[$0].error == nil }
    let numbers = Dictionary(readable.map { (ModelID(models[$0].id), $0) }, uniquingKeysWith: { first, _ in first })
    var copies = DisjointSets(count: models.count)
    var found: [(pair: Int, first: Int, second: Int)] = []
    let pairs = findings.pairs
    for pair in pairs.indices where pairs.relation(pair).isKinship {
      guard let b = numbers[ModelID(pairs.ids[pairs.candidate(pair)])],
        let a = numbers[ModelID(pairs.ids[pairs.foundation(pair)])]
      else { continue }
      if pairs.relation(pair) == .identical { copies.join(a, b) } else { found.append((pair, a, b)) }
    }
    let order = { (model: Int) in (all[model].storageComplexity, ModelID(models[model].id)) }
    let groups = Dictionary(grouping: readable) { copies.first(of: $0) }.values.map { $0.sorted { order($0) < order($1) } }
      .sorted { ModelID(models[$0[0]].id) < ModelID(models[$1[0]].id) }
    names = groups.map { $0.map { models[$0].id } }
    traits = groups.map { all[$0[0]] }
    parameters = groups.map { models[$0[0]].parameters ?? 0 }
    for (node, group) in groups.enumerated() {
      for model in group { positions[ModelID(models[model].id)] = node }
    }
    let firsts = Set(groups.map { $0[0] })
    // Verdicts on the models whose names are shown take priority over verdicts on their copies.
    for isFirst in [true, false] {
      for (pair, first, second) in found where (firsts.contains(first) && firsts.contains(second)) == isFirst {
        guard let a = positions[ModelID(models[first].id)], let b = positions[ModelID(models[second].id)], a != b else {
          continue
        }
        if kin[Edge(a, b)] == nil { kin[Edge(a, b)] = pairs[pair].verdict }
      }
    }
    degrees = Array(repeating: 0, count: names.count)
    for edge in kin.keys {
      degrees[edge.a] += 1
      degrees[edge.b] += 1
    }
  }

  /// The index of the node that contains a model.
  func position(of id: String) -> Int? { positions[ModelID(id)] }

  /// 1 − cosine over the parameters that two nodes share, in common coordinates. This is half of the squared distance of weights
  /// of norm 1. Nil for unrelated models.
  func distance(_ a: Int, _ b: Int) -> Double? {
    if let known = layerDistances[Edge(a, b)] { return known }
    return kin[Edge(a, b)].map { max(TreeRule.leastDistance, 1 - max($0.alignedCosine ?? 0, $0.cosine ?? 0)) }
  }

  /// Uses the distances of layers alone where the verdict's distances are not valid. The first case is replaced embeddings: new
  /// ones are equally far from all models, and this hides the other differences. The second case is different depths: the pairs
  /// of layers depend on which model was the candidate; here the candidate is the shallower one. This is done for the nearest
  /// related nodes of each such model, according to the verdicts.
  mutating func measureLayers(_ look: FamilyTree.Look) {
    let special = kin.filter { edge, verdict in
      verdict.rewrites.contains(.embeddingsReplaced) || traits[edge.a].layers != traits[edge.b].layers
    }
    var counts = [Int](repeating: 0, count: names.count)
    let order = special.keys.map { (edge: $0, distance: distance($0.a, $0.b) ?? 1) }
      .sorted { ($0.distance, $0.edge.a, $0.edge.b) < ($1.distance, $1.edge.a, $1.edge.b) }
    for (edge, _) in order where min(counts[edge.a], counts[edge.b]) < TreeRule.nearest {
      counts[edge.a] += 1
      counts[edge.b] += 1
      let isDeeper = traits[edge.b].layers > traits[edge.a].layers
      let (foundation, candidate) = isDeeper ? (edge.b, edge.a) : (edge.a, edge.b)
      guard let tensors = look(names[foundation][0], names[candidate][0]) else { continue }
      let matrices = tensors.filter { $0.isMatrix && $0.layer != nil }
      let known = matrices.compactMap { tensor in (tensor.alignedCosine ?? tensor.cosine).map { ($0, Double(tensor.parameters)) }
      }
      let weight = known.reduce(0) { $0 + $1.1 }
      guard weight > 0 else { continue }
      layerDistances[edge] = min(max(TreeRule.leastDistance, 1 - known.reduce(0) { $0 + $1.0 * $1.1 } / weight), 1)
    }
  }

  /// Whether two related nodes have different coordinates, so that masks had to be undone: in place they share less than half of
  /// their energy.
  func isBridge(_ a: Int, _ b: Int) -> Bool {
    guard let verdict = kin[Edge(a, b)], verdict.alignedCosine != nil else { return false }
    return !TensorSimilarity.isInPlace(cosine: verdict.cosine ?? 0)
  }

  /// Whether the distance of two nodes is in common coordinates. If masks were found but not undone, all related nodes are
  /// equally far.
  func isMeasured(_ a: Int, _ b: Int) -> Bool {
    guard let distance = distance(a, b) else { return false }
    // Half of the energy: a pair that is further apart in place may also have been rewritten.
    return kin[Edge(a, b)]?.alignedCosine != nil || TensorSimilarity.isInPlace(cosine: 1 - distance)
  }

  /// Whether a node is related to any node except this one.
  func hasKin(_ node: Int, beside other: Int) -> Bool { degrees[node] > (kin[Edge(node, other)] == nil ? 0 : 1) }

  /// The share of the larger model's parameters that both have.
  func coverage(_ a: Int, _ b: Int) -> Double? {
    // The verdict's share is the candidate's. If the sizes differ, it is not known here which model was the candidate.
    kin[Edge(a, b)]?.coverage.map { share in
      let (small, large) = (Double(min(parameters[a], parameters[b])), Double(max(parameters[a], parameters[b])))
      return large > 0 ? min(share, 1, small / large) : share
    }
  }
}
