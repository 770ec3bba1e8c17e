import WeightSimilarity

/// The models of a scan as the nodes of a tree: identical copies are one.
struct TreeNodes {
  /// Names of each node's models: the most plainly stored first, then by their bytes.
  private(set) var names: [[String]] = []
  /// Of the first of each.
  private(set) var traits: [ModelTraits] = []
  private(set) var parameters: [Int] = []
  /// The verdict on two nodes that are kin, by their numbers, the lower first.
  private(set) var kin: [Edge: Verdict] = [:]
  /// Distances that are not the verdicts'.
  private var layerDistances: [Edge: Double] = [:]
  /// How many kin each node has.
  private var degrees: [Int] = []
  private var places: [ModelID: Int] = [:]

  /// Two nodes, the lower one first.
  struct Edge: Hashable {
    let a: Int
    let b: Int

    init(_ a: Int, _ b: Int) { (self.a, self.b) = (min(a, b), max(a, b)) }
  }

  /// `traits`: of each of the findings' models, in their order. O(pairs).
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
      for model in group { places[ModelID(models[model].id)] = node }
    }
    let firsts = Set(groups.map { $0[0] })
    // What is said of the models whose names are shown goes before what is said of their copies.
    for isFirst in [true, false] {
      for (pair, first, second) in found where (firsts.contains(first) && firsts.contains(second)) == isFirst {
        guard let a = places[ModelID(models[first].id)], let b = places[ModelID(models[second].id)], a != b else { continue }
        if kin[Edge(a, b)] == nil { kin[Edge(a, b)] = pairs[pair].verdict }
      }
    }
    degrees = Array(repeating: 0, count: names.count)
    for edge in kin.keys {
      degrees[edge.a] += 1
      degrees[edge.b] += 1
    }
  }

  /// The node that a model is in.
  func place(of id: String) -> Int? { places[ModelID(id)] }

  /// 1 − cosine over what two nodes have in common, in common coordinates: half of the squared distance of weights of norm 1. Nil for
  /// strangers.
  func distance(_ a: Int, _ b: Int) -> Double? {
    if let known = layerDistances[Edge(a, b)] { return known }
    return kin[Edge(a, b)].map { max(TreeRule.leastDistance, 1 - max($0.alignedCosine ?? 0, $0.cosine ?? 0)) }
  }

  /// Takes the distances of layers alone where the verdict's are no measure: where embeddings were thrown away (new ones are a distance to everybody in
  /// which the others' differences drown), and between depths (which layers are compared with each other depends on who was the candidate; here it is
  /// the shallower one). For each such model its nearest kin, as the verdicts have them.
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

  /// Whether two kin are in different coordinates, so that masks had to be undone: in place they have less than half of their energy in
  /// common.
  func isBridge(_ a: Int, _ b: Int) -> Bool {
    guard let verdict = kin[Edge(a, b)], verdict.alignedCosine != nil else { return false }
    return !TensorSimilarity.isInPlace(cosine: verdict.cosine ?? 0)
  }

  /// Whether the distance of two nodes is one in common coordinates. Where masks were found and not undone, all kin are as far.
  func isMeasured(_ a: Int, _ b: Int) -> Bool {
    guard let distance = distance(a, b) else { return false }
    // Half of the energy: what is further away in place may as well have been rewritten.
    return kin[Edge(a, b)]?.alignedCosine != nil || TensorSimilarity.isInPlace(cosine: 1 - distance)
  }

  /// Whether a node has other kin than this.
  func hasKin(_ node: Int, beside other: Int) -> Bool { degrees[node] > (kin[Edge(node, other)] == nil ? 0 : 1) }

  /// The share of the larger one's parameters that both have.
  func coverage(_ a: Int, _ b: Int) -> Double? {
    // The verdict's share is the candidate's: of a pair with another size of models, which one that was is not known here.
    kin[Edge(a, b)]?.coverage.map { share in
      let (small, large) = (Double(min(parameters[a], parameters[b])), Double(max(parameters[a], parameters[b])))
      return large > 0 ? min(share, 1, small / large) : share
    }
  }
}
