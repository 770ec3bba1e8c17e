import RealModule

/// Where the root of a tree is, and which way each edge goes, from what is known of the single edges.
///
/// Every node has one parent at most. So a direction that is known says something of all other edges: what lies behind a child descends
/// from it. Before looking, each node is as likely to be the root as any other; after looking, as likely as the product over all edges
/// of what speaks for the direction that it gives them. O(nodes).
struct RootPosterior {
  /// What is known of the edge between two nodes, as log-likelihoods.
  struct Edge {
    var a: Int
    var b: Int
    /// b descends from a.
    var down = 0.0
    /// a descends from b.
    var up = 0.0
    /// Both descend from one that is no node.
    var neither = 0.0
    /// ln of the odds that the root is on a's side, whatever the two are to each other.
    var side = 0.0

    /// ln of the likelihood when the root is on a's side.
    var rootAtA: Double { side / 2 + Self.mean(down, neither) }
    /// ln of the likelihood when it is on b's side.
    var rootAtB: Double { -side / 2 + Self.mean(up, neither) }

    static func mean(_ descent: Double, _ neither: Double) -> Double {
      let top = max(descent, neither)
      return top + .log((1 - TreeRule.siblings) * .exp(descent - top) + TreeRule.siblings * .exp(neither - top))
    }

    /// The probability of descent, when the root is on the parent's side.
    static func share(_ descent: Double, _ neither: Double) -> Double {
      let odds = (1 - TreeRule.siblings) / TreeRule.siblings * .exp(descent - neither)
      return odds.isInfinite ? 1 : odds / (1 + odds)
    }
  }

  /// The node that is most likely the root; the lowest of equals.
  let root: Int
  /// For each node the probability that it is the root.
  let roots: [Double]
  /// For each node its parent as seen from the root, with the edge's number.
  let parents: [(node: Int, edge: Int)?]
  /// For each edge the probabilities that b descends from a, that a descends from b, and of neither.
  let probabilities: [(down: Double, up: Double, neither: Double)]

  /// Of a tree: `edges` connect all of `count` nodes without a circle.
  init(nodes count: Int, edges: [Edge]) {
    var around = [[(node: Int, edge: Int)]](repeating: [], count: count)
    for (number, edge) in edges.enumerated() {
      around[edge.a].append((edge.b, number))
      around[edge.b].append((edge.a, number))
    }
    let (order, above) = Self.walk(from: 0, around)
    // Moving the root across an edge changes what that edge says, and nothing else.
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
