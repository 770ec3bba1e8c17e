import Graphs
import RealModule
package import WeightSimilarity

/// The neighbours among the models of a scan: the family trees before the directions of their edges are known.
///
/// ```swift
/// let skeleton = TreeSkeleton(findings, traits: traits, bases: [], look: look)
/// let tree = FamilyTree(skeleton, look: look)
/// ```
///
/// It is the minimum arborescence (Chu–Liu/Edmonds) over all related pairs. The cost of a parent is the logarithm of its squared
/// distance, of the compared share and of the evidence against the direction. Distances decide; directions matter only between
/// distances that differ by a few percent, see ``TreeRule/distanceWeight``. O(pairs) and, for n models, O(n²) for the
/// arborescence.
package struct TreeSkeleton: Sendable {
  let nodes: TreeNodes
  let facts: TreeFacts
  let findings: ScanFindings
  /// Sorted by the child's index.
  let links: [(parent: Int, child: Int)]
  /// By node: the number of nodes in its subtree, itself included; and the first node of its tree.
  private let sizes: [Int]
  private let family: [Int]

  /// `traits`: one for each model of the findings, in their order (empty for broken ones); `bases`: for adapters that were not
  /// merged, the id of their base, if the base is among the models.
  package init(_ findings: ScanFindings, traits: [ModelTraits], bases: [(adapter: String, base: String)], look: FamilyTree.Look) {
    var nodes = TreeNodes(findings, traits: traits)
    nodes.measureLayers(look)
    let facts = TreeFacts(findings, bases: bases, nodes: nodes)
    let count = nodes.names.count
    // One extra node is the parent of all roots. Its arcs cost so much that the number of roots is minimal. A node with a certain
    // parent costs twice as much, so it is a root only as the last choice.
    var arcs = (0..<count).map { node in
      let cost = Self.rootCost * Double(count) * (facts.parents[node] == nil ? 1 : 2)
      return Arborescence.Arc(parent: count, child: node, cost: cost)
    }
    var near = Self.near(nodes)
    for (child, known) in facts.parents { near.insert(.init(child, known.nodes[0].node)) }
    for edge in near.sorted(by: { ($0.a, $0.b) < ($1.a, $1.b) }) {
      for (parent, child) in [(edge.a, edge.b), (edge.b, edge.a)] where facts.allows(parent, over: child, in: nodes) {
        arcs.append(.init(parent: parent, child: child, cost: Self.cost(of: parent, over: child, nodes, facts)))
      }
    }
    let chosen = Arborescence.minimum(nodes: count + 1, root: count, arcs: arcs) ?? []
    links = (0..<count).compactMap { child in
      guard let number = chosen[child], arcs[number].parent < count else { return nil }
      return (arcs[number].parent, child)
    }
    (self.nodes, self.facts, self.findings) = (nodes, facts, findings)
    var parents = [Int?](repeating: nil, count: count)
    for link in links { parents[link.child] = link.parent }
    var (sizes, family) = ([Int](repeating: 0, count: count), Array(0..<count))
    for node in 0..<count {
      sizes[node] += 1
      while let parent = parents[family[node]] {
        family[node] = parent
        sizes[parent] += 1
      }
    }
    (self.sizes, self.family) = (sizes, family)
  }

  /// More than distances and directions can add to one edge: their logarithms are within ± 20, a hundredfold.
  private static let rootCost = 1e4

  /// −ln of how well `parent` explains `child`.
  private static func cost(of parent: Int, over child: Int, _ nodes: TreeNodes, _ facts: TreeFacts) -> Double {
    guard let distance = nodes.distance(parent, child) else { return 0 }
    let coverage = max(nodes.coverage(parent, child) ?? 0, 1e-3)
    let direction = edge(parent, child, evidence(parent, child, nodes, facts)).rootAtA
    let bridge = nodes.isBridge(parent, child) ? TreeRule.bridge : 0
    return bridge + TreeRule.distanceWeight * (.log(distance) - .log(coverage)) - direction
  }

  /// The evidence on two neighbours from the models' traits and from facts, with the first before the second.
  static func evidence(_ first: Int, _ second: Int, _ nodes: TreeNodes, _ facts: TreeFacts) -> [DirectionEvidence] {
    let known = facts.evidence(first, over: second, in: nodes) ?? facts.evidence(second, over: first, in: nodes)?.reversed
    if let known { return [known] }
    guard let verdict = nodes.kin[.init(first, second)], let distance = nodes.distance(first, second) else { return [] }
    return DirectionEvidence.all(
      (nodes.names[first][0], nodes.traits[first]), (nodes.names[second][0], nodes.traits[second]), verdict, distance: distance)
  }

  /// The evidence from masks that were undone between two neighbours: a mask is put on a copy. If one side of the mask has at
  /// least twice as many models as the other, its coordinates are the original ones of the family. Otherwise nil.
  func hidden(_ first: Int, _ second: Int) -> DirectionEvidence? {
    let (below, above) = (sizes[second], sizes[family[second]] - sizes[second])
    guard max(below, above) >= 2 * min(below, above) else { return nil }
    let isSecond = below < above
    return DirectionEvidence(
      .otherCoordinates(nodes.names[isSecond ? second : first][0]),
      side: isSecond ? TreeRule.likely : -TreeRule.likely)
  }

  /// The sum of several pieces of evidence.
  static func edge(_ a: Int, _ b: Int, _ evidence: [DirectionEvidence]) -> RootPosterior.Edge {
    evidence.reduce(into: RootPosterior.Edge(a: a, b: b)) { edge, item in
      edge.down += item.first
      edge.up += item.second
      edge.neither += item.neither
      edge.side += item.side
    }
  }

  /// The related pairs among which parents are searched: each node's nearest, and the tree of least distances, which keeps
  /// families connected.
  private static func near(_ nodes: TreeNodes) -> Set<TreeNodes.Edge> {
    let distance = { (edge: TreeNodes.Edge) in
      (nodes.distance(edge.a, edge.b) ?? 1) / max(nodes.coverage(edge.a, edge.b) ?? 0, 1e-3)
    }
    let ranked = nodes.kin.keys.map { (edge: $0, bridge: nodes.isBridge($0.a, $0.b) ? 1 : 0, distance: distance($0)) }
      .sorted { ($0.bridge, $0.distance, $0.edge.a, $0.edge.b) < ($1.bridge, $1.distance, $1.edge.a, $1.edge.b) }
    var kept: Set<TreeNodes.Edge> = []
    var counts = [Int](repeating: 0, count: nodes.names.count)
    var families = DisjointSets(count: nodes.names.count)
    for (edge, _, _) in ranked {
      let connects = families.first(of: edge.a) != families.first(of: edge.b)
      families.join(edge.a, edge.b)
      guard connects || counts[edge.a] < TreeRule.nearest || counts[edge.b] < TreeRule.nearest else { continue }
      kept.insert(edge)
      counts[edge.a] += 1
      counts[edge.b] += 1
    }
    return kept
  }
}
