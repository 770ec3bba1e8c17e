/// The roots and directions of several trees together.
struct Forest {
  /// By node: its parent.
  var parents: [(node: Int, edge: Int)?]
  var families: [Int]
  /// By node: the probability that it is the root of its tree.
  var rootProbabilities: [Double]
  /// By edge.
  var probabilities: [(down: Double, up: Double, neither: Double)]

  init(_ links: [(parent: Int, child: Int)], _ evidence: [[DirectionEvidence]], count: Int) {
    parents = Array(repeating: nil, count: count)
    families = Array(repeating: 0, count: count)
    rootProbabilities = Array(repeating: 1, count: count)
    probabilities = Array(repeating: (0, 0, 0), count: links.count)
    // A link goes from parent to child. A node that is not a child is the first of its tree.
    var above = [Int?](repeating: nil, count: count)
    var below = [[Int]](repeating: [], count: count)
    for (number, link) in links.enumerated() {
      above[link.child] = link.parent
      below[link.parent].append(number)
    }
    for (family, first) in (0..<count).filter({ above[$0] == nil }).enumerated() {
      var members = [first]
      var numbers: [Int] = []
      var next = 0
      while next < members.count {
        numbers += below[members[next]]
        members += below[members[next]].map { links[$0].child }
        next += 1
      }
      let places = Dictionary(uniqueKeysWithValues: zip(members, 0...))
      let edges = numbers.map { number in
        TreeSkeleton.edge(places[links[number].parent] ?? 0, places[links[number].child] ?? 0, evidence[number])
      }
      let posterior = RootPosterior(nodes: members.count, edges: edges)
      for (place, member) in members.enumerated() {
        families[member] = family
        rootProbabilities[member] = posterior.roots[place]
        parents[member] = posterior.parents[place].map { (members[$0.node], numbers[$0.edge]) }
      }
      for (number, found) in zip(numbers, posterior.probabilities) { probabilities[number] = found }
    }
  }
}
