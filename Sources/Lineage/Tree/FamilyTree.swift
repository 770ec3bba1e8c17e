/// The family trees of the models of a scan: who descends from whom, as far as the weights tell.
///
/// ```swift
/// for edge in tree.edges where edge.isDirected {
///   print(tree.nodes[edge.child].name, "descends from", tree.nodes[edge.parent].name, edge.confidence)
/// }
/// ```
///
/// Closeness says who is next to whom, and nothing else; a direction comes only from evidence that has one, which each edge names. What it
/// does not promise: an ancestor that is not here leaves its children as siblings or, where they look like parent and child, as those. An edge
/// without a direction has its likelier parent as `parent`.
package struct FamilyTree: Sendable {
  /// A model, with its identical copies.
  package struct Node: Sendable, Equatable {
    /// The ids of the model and of its copies, the most plainly stored first.
    package let names: [String]
    /// The number of its family.
    package let family: Int
    /// The probability that it was the first of its family, among the models that are here.
    package let rootProbability: Double
    /// The id under which it is shown.
    package var name: String { names[0] }
  }

  /// A root from which a model comes.
  package struct Foundation: Sendable, Equatable {
    /// Number of the root.
    package let node: Int
    /// The probability that the first of the family, among the models that are here, is not on the model's side of the root.
    package let confidence: Double
  }

  /// A parent and a child, or two neighbours of which it is not known.
  package struct Edge: Sendable, Equatable {
    /// Number of the node that is the parent, or likelier is.
    package let parent: Int
    /// Number of the other one.
    package let child: Int
    /// Whether it is known which of the two descends from the other; false also where a mask that was not undone leaves it open which of several
    /// kin is the nearest.
    package let isDirected: Bool
    /// The probability that `child` descends from `parent`, the other way round, and that both descend from one that is not here.
    package let confidence: Double
    /// See `confidence`.
    package let reverse: Double
    /// See `confidence`.
    package let neither: Double
    /// What the pair's verdict says of them; nil where they were not called kin by themselves.
    package let verdict: Verdict?
    /// The parent's share in a mixture.
    package let share: Double?
    /// False for the further parents of a mixture.
    package let isMain: Bool
    /// What the direction rests on, with the parent as the first.
    package let evidence: [DirectionEvidence]
    /// How the child was tuned from the parent; empty where that cannot be told, or was not looked at.
    package internal(set) var tuning: [TuningFact] = []

    /// Cosine in common coordinates over what both have.
    package var cosine: Double? { verdict.flatMap { $0.alignedCosine ?? $0.cosine } }
  }

  /// By name.
  package let nodes: [Node]
  /// By child, the main one of several parents first.
  package let edges: [Edge]
  /// The nodes without a parent, the largest family's first, then by name.
  package let roots: [Int]
  /// Foundations that are less likely than this are doubtful, as are directions: see ``Edge/isDirected``.
  package static let leastConfidence = TreeRule.leastConfidence

  /// What the tree was made from.
  package let findings: ScanFindings

  /// The main edges below a node, by the children's names.
  package func children(of node: Int) -> [Edge] { below[node] }

  /// Every parent's edge of a node, the main one first.
  package func parents(of node: Int) -> [Edge] { above[node] }

  /// Numbers of the edges of which it may be told what tuning changed: a mixture is no tuning of its parents.
  package var tunableEdges: [Int] { edges.indices.filter { edges[$0].isMain && edges[$0].share == nil } }

  /// This tree with how children were tuned, by the numbers of its edges.
  package func tuned(_ facts: [Int: [TuningFact]]) -> FamilyTree {
    var edges = self.edges
    for (number, facts) in facts { edges[number].tuning = facts }
    return FamilyTree(nodes: nodes, edges: edges, findings: findings)
  }

  /// The number of the node that a model is in; nil for one that could not be read.
  package func place(of id: String) -> Int? { places[ModelID(id)] }

  /// Where a model comes from: the roots above it over all of its parents, its main parent's first. None for a root itself. O(depth) without
  /// mixtures.
  package func foundations(of node: Int) -> [Foundation] {
    var found: [Foundation] = []
    var seen: Set<Int> = []
    var open = [(node: node, confidence: 1.0)]
    while let (start, confidence) = open.popLast() {
      var (at, last, further) = (start, Int?.none, [Edge]())
      while seen.insert(at).inserted, let main = above[at].first(where: \.isMain) {
        further += above[at].filter { !$0.isMain }
        (at, last) = (main.parent, at)
      }
      let isRoot = above[at].isEmpty && at != node
      if isRoot, !found.contains(where: { $0.node == at }) {
        found.append(Foundation(node: at, confidence: confidence * (last.map { max(0, 1 - rootBelow[$0]) } ?? 1)))
      }
      open += further.reversed().map { ($0.parent, confidence * $0.confidence) }
    }
    return found
  }

  /// By node, the probability that the first of its family is it or below it.
  private let rootBelow: [Double]
  private let below: [[Edge]]
  private let above: [[Edge]]
  private let places: [ModelID: Int]

  init(nodes: [Node], edges: [Edge], findings: ScanFindings) {
    self.nodes = nodes
    self.edges = edges
    self.findings = findings
    var (below, above) = ([[Edge]](repeating: [], count: nodes.count), [[Edge]](repeating: [], count: nodes.count))
    for edge in edges {
      if edge.isMain { below[edge.parent].append(edge) }
      above[edge.child].append(edge)
    }
    (self.below, self.above) = (below, above)
    var sums = nodes.map(\.rootProbability)
    for node in nodes.indices {
      var (at, steps) = (node, 0)
      while let main = above[at].first(where: \.isMain), steps < nodes.count {
        sums[main.parent] += nodes[node].rootProbability
        (at, steps) = (main.parent, steps + 1)
      }
    }
    rootBelow = sums
    places = Dictionary(
      nodes.enumerated().flatMap { number, node in node.names.map { (ModelID($0), number) } },
      uniquingKeysWith: { first, _ in first })
    let sizes = Dictionary(nodes.map { ($0.family, 1) }, uniquingKeysWith: +)
    roots = nodes.indices.filter { above[$0].isEmpty }
      .sorted { (sizes[nodes[$1].family] ?? 0, $0) < (sizes[nodes[$0].family] ?? 0, $1) }
  }
}
