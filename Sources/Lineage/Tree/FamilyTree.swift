/// The family trees of the models of a scan: which model descends from which, as far as the weights show it.
///
/// ```swift
/// for edge in tree.edges where edge.isDirected {
///   print(tree.nodes[edge.child].name, "descends from", tree.nodes[edge.parent].name, edge.confidence)
/// }
/// ```
///
/// Closeness shows only which models are neighbours. A direction comes only from evidence that has one; each edge names its
/// evidence. Limits: if an ancestor is not in the scan, its children appear as siblings, or as parent and child if they resemble
/// that. An edge without a direction has the more likely parent as `parent`.
package struct FamilyTree: Sendable {
  /// A model, with its identical copies.
  package struct Node: Sendable, Equatable {
    /// The ids of the model and of its copies. The one with the simplest storage comes first.
    package let names: [String]
    /// The index of its family.
    package let family: Int
    /// The probability that it was the first model of its family, among the models in the scan.
    package let rootProbability: Double
    /// The id that is shown for it.
    package var name: String { names[0] }
  }

  /// A root from which a model descends.
  package struct Foundation: Sendable, Equatable {
    /// The index of the root.
    package let node: Int
    /// The probability that the first model of the family, among the models in the scan, is not on the model's side of the root.
    package let confidence: Double
  }

  /// A parent and a child, or two neighbours whose direction is not known.
  package struct Edge: Sendable, Equatable {
    /// The index of the parent, or of the more likely parent.
    package let parent: Int
    /// The index of the other node.
    package let child: Int
    /// Whether the direction of descent is known. It is also false if a mask was not undone and the nearest of several related
    /// models is therefore not known.
    package internal(set) var isDirected: Bool
    /// The probability that `child` descends from `parent`, that `parent` descends from `child`, and that both descend from a
    /// model that is not in the scan.
    package let confidence: Double
    /// See `confidence`.
    package let reverse: Double
    /// See `confidence`.
    package let neither: Double
    /// The verdict on the pair; nil if the pair itself was not found to be related.
    package let verdict: Verdict?
    /// The parent's share in a mixture.
    package let share: Double?
    /// False for the further parents of a mixture.
    package let isMain: Bool
    /// The evidence for the direction, with the parent as the first model.
    package let evidence: [DirectionEvidence]
    /// How the child was tuned from the parent; empty if this is unknown or was not examined.
    package internal(set) var tuning: [TuningFact] = []

    /// The cosine in common coordinates, over the parameters that both models have.
    package var cosine: Double? { verdict.flatMap { $0.alignedCosine ?? $0.cosine } }
  }

  /// Sorted by name.
  package let nodes: [Node]
  /// Sorted by child. The main edge comes first if there are several parents.
  package let edges: [Edge]
  /// The nodes without a parent: the root of the largest family first, then by name.
  package let roots: [Int]
  /// Foundations and directions that are less likely than this are doubtful: see ``Edge/isDirected``.
  package static let leastConfidence = TreeRule.leastConfidence

  /// The findings that the tree was made from.
  package let findings: ScanFindings

  /// The main edges below a node, sorted by the children's names.
  package func children(of node: Int) -> [Edge] { below[node] }

  /// The edges to all parents of a node, the main one first.
  package func parents(of node: Int) -> [Edge] { above[node] }

  /// The edge to the main parent of a node; nil for a root.
  package func mainEdge(to node: Int) -> Edge? { above[node].first(where: \.isMain) }

  /// The indices of the edges whose tuning can be described. A mixture is not a tuning of its parents.
  package var tunableEdges: [Int] { edges.indices.filter { edges[$0].isMain && edges[$0].share == nil } }

  /// This tree with the tuning of the children, by edge index.
  package func tuned(_ facts: [Int: [TuningFact]]) -> FamilyTree {
    var edges = self.edges
    for (number, facts) in facts { edges[number].tuning = facts }
    return FamilyTree(nodes: nodes, edges: edges, findings: findings)
  }

  /// The index of the node that contains a model; nil for a model that could not be read.
  package func position(of id: String) -> Int? { positions[ModelID(id)] }

  /// The roots above a model, over all of its parents. The roots above its main parent come first. A root itself has none.
  /// O(depth) without mixtures.
  package func foundations(of node: Int) -> [Foundation] {
    var found: [Foundation] = []
    var seen: Set<Int> = []
    var open = [(node: node, confidence: 1.0)]
    while let (start, confidence) = open.popLast() {
      var (at, last, further) = (start, Int?.none, [Edge]())
      while seen.insert(at).inserted, let main = mainEdge(to: at) {
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

  /// For each node, the probability that the first model of its family is this node or below it.
  private let rootBelow: [Double]
  private let below: [[Edge]]
  private let above: [[Edge]]
  private let positions: [ModelID: Int]

  init(nodes: [Node], edges: [Edge], findings: ScanFindings) {
    (self.nodes, self.edges, self.findings) = (nodes, edges, findings)
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
    positions = Dictionary(
      nodes.enumerated().flatMap { number, node in node.names.map { (ModelID($0), number) } },
      uniquingKeysWith: { first, _ in first })
    let sizes = Dictionary(nodes.map { ($0.family, 1) }, uniquingKeysWith: +)
    roots = nodes.indices.filter { above[$0].isEmpty }
      .sorted { (sizes[nodes[$1].family] ?? 0, $0) < (sizes[nodes[$0].family] ?? 0, $1) }
  }
}
