import RealModule

/// The position of the root of a tree and the direction of each edge, from the evidence on the single edges.
///
/// Every node has at most one parent. So a known direction of one edge also determines others: all nodes behind a child descend
/// from it. The prior is equal for all nodes. The posterior of a node is proportional to the product, over all edges, of the
/// likelihood of the direction that this root gives them. O(nodes).
struct RootPosterior {
  /// The evidence on the edge between two nodes, as log-likelihoods.
  struct Edge {
    var a: Int
    var b: Int
    /// b descends from a.
    var down = 0.0
    /// a descends from b.
    var up = 0.0
    /// Both descend from a model that is not a node.
    var neither = 0.0
    /// ln of the odds that the root is on a's side, whatever the relation of the two.
    var side = 0.0

    /// ln of the likelihood when the root is on a's side.
    var rootAtA: Double { side / 2 + Self.mean(down, neither) }
    /// ln of the likelihood when it is on b's side.
    var rootAtB: Double { -side / 2 + Self.mean(up, neither) }

    static func mean(_ descent: Double, _ neither: Double) -> Double {
      let top = max(descent, neither)
      return top + .log((1 - TreeRule.siblings) * .exp(descent - top) + TreeRule.siblings * .exp(neither - top))
    }

    /// The probability of descent if the root is on the parent's side.
    static func share(_ descent: Double, _ neither: Double) -> Double {
      let odds = (1 - TreeRule.siblings) / TreeRule.siblings * .exp(descent - neither)
      return odds.isInfinite ? 1 : odds / (1 + odds)
    }
  }

  /// The most likely root; the lowest index if several are equal.
  let root: Int
  /// For each node, the probability that it is the root.
  let roots: [Double]
  /// For each node, its parent when the tree starts at the root, with the edge's index.
  let parents: [(node: Int, edge: Int)?]
  /// For each edge, the probabilities that b descends from a, that a descends from b, and of neither.
  let probabilities: [(down: Double, up: Double, neither: Double)]

  /// For a tree: `edges` connect all of `count` nodes without a cycle.
  init(nodes count: Int, edges: [Edge]) {
    var around = [[(node: Int, edge: Int)]](repeating: [], count: count)
    for (number, edge) in edges.enumerated() {
      around[edge.a].append((edge.b, number))
      around[edge.b].append((edge.a, number))
    }
    let (order, above) = Self.walk(from: 0, around)
    // Moving the root across an edge changes only the likelihood of that edge.
    var logs = [Double](repeating: 0, count: count)
    for node in order {
      guard let (parent, number) = above[node] else { continue }
      let edge = edges[number]
      let change = edge.rootAtB - edge.rootAtA
      logs[node] = logs[parent] + (edge.a == parent ? change : -change)
    }
    let top = logs.max() ?? 0
    let total = logs.reduce(0) { $0 + .exp($1 - top) }
    roots = logs.map { Double.exp($0 - top) / total }
    var below = roots
    for node in order.reversed() { if let (parent, _) = above[node] { below[parent] += below[node] } }
    probabilities = edges.map { edge in
      let isDown = above[edge.b]?.node == edge.a
      let under = below[isDown ? edge.b : edge.a]
      let atA = isDown ? max(0, 1 - under) : under
      let down = atA * Edge.share(edge.down, edge.neither)
      let up = max(0, 1 - atA) * Edge.share(edge.up, edge.neither)
      return (down, up, max(0, 1 - down - up))
    }
    let best = logs.firstIndex(of: top) ?? 0
    root = best
    parents = Self.walk(from: best, around).above
  }

  private static func walk(from start: Int, _ around: [[(node: Int, edge: Int)]]) -> (
    order: [Int], above: [(node: Int, edge: Int)?]
  ) {
    var above = [(node: Int, edge: Int)?](repeating: nil, count: around.count)
    var order = [start]
    var next = 0
    while next < order.count {
      let node = order[next]
      next += 1
      for (other, edge) in around[node] where other != above[node]?.node {
        above[other] = (node, edge)
        order.append(other)
      }
    }
    return (order, above)
  }
}
