public import WeightSimilarity

extension FamilyTree {
  /// What a second look at two neighbours gives, by their names: a pass in place (layers in any order), nil where they are not alike in place.
  public typealias Look = (_ foundation: String, _ candidate: String) -> InPlaceSimilarity?

  /// Directs the edges of a skeleton.
  ///
  /// Twice: the second time it is known who every node's grandparent is, and with that whether a child keeps what its parent had learnt.
  /// `look` is called several times for a pair: whoever makes it may keep what it found.
  public init(_ skeleton: TreeSkeleton, look: Look) {
    let (nodes, facts) = (skeleton.nodes, skeleton.facts)
    let name = { (node: Int) in nodes.names[node][0] }
    var clues: [[Clue]] = []
    for link in skeleton.links {
      var found = TreeSkeleton.clues(link.parent, link.child, nodes, facts)
      if facts.clue(link.parent, over: link.child, in: nodes) == nil {
        let similarity = look(name(link.parent), name(link.child))
        // The norm of codes, and of what an adapter makes of its base, is no training's.
        let isPlain = [link.parent, link.child].allSatisfy { !nodes.traits[$0].isQuantised && !nodes.traits[$0].isAdapted }
        if isPlain, let growth = similarity.flatMap({ NormGrowth($0) }) {
          found.append(growth.clue(first: name(link.parent), second: name(link.child)))
        }
      }
      clues.append(found)
    }
    let once = Forest(skeleton.links, clues, count: nodes.names.count)
    func seen(_ foundation: Int, _ candidate: Int) -> InPlaceSimilarity? { look(name(foundation), name(candidate)) }
    for child in nodes.names.indices {
      guard let (parent, number) = once.parents[child], let origin = once.parents[parent]?.node, facts.parents[child] == nil,
        let step = seen(parent, child), let before = seen(origin, parent), let whole = seen(origin, child),
        let inheritance = Inheritance(step: step, before: before, whole: whole)
      else { continue }
      let clue = inheritance.clue(origin: name(origin), parent: name(parent), child: name(child))
      clues[number].append(skeleton.links[number].child == child ? clue : clue.reversed)
    }
    self.init(skeleton, Forest(skeleton.links, clues, count: nodes.names.count), clues)
  }

  private init(_ skeleton: TreeSkeleton, _ forest: Forest, _ clues: [[Clue]]) {
    let (nodes, facts) = (skeleton.nodes, skeleton.facts)
    let edges = nodes.names.indices.flatMap { child -> [Edge] in
      var found: [Edge] = []
      if let (parent, number) = forest.parents[child] {
        let isAsLinked = skeleton.links[number].child == child
        let p = forest.probabilities[number]
        let (confidence, reverse) = isAsLinked ? (p.down, p.up) : (p.up, p.down)
        found.append(
          Edge(
            parent: parent, child: child, isDirected: confidence >= max(TreeRule.leastConfidence, TreeRule.leastOdds * reverse), confidence: confidence,
            reverse: reverse, neither: p.neither, verdict: nodes.kin[.init(parent, child)],
            share: facts.parents[child]?.nodes.first { $0.node == parent }?.share, isMain: true,
            clues: isAsLinked ? clues[number] : clues[number].map(\.reversed)))
      }
      for other in facts.parents[child]?.nodes ?? [] where other.node != found.first?.parent {
        let clue = facts.clue(other.node, over: child, in: nodes)
        let alone = RootPosterior(nodes: 2, edges: [TreeSkeleton.edge(0, 1, clue.map { [$0] } ?? [])]).probabilities[0]
        found.append(
          Edge(
            parent: other.node, child: child, isDirected: true, confidence: alone.down, reverse: alone.up, neither: alone.neither,
            verdict: nodes.kin[.init(other.node, child)], share: other.share, isMain: false, clues: clue.map { [$0] } ?? []))
      }
      return found
    }
    self.init(
      nodes: zip(nodes.names, forest.families).map { Node(names: $0, family: $1) }, edges: edges, findings: skeleton.findings)
  }
}

/// The roots and directions of several trees together.
private struct Forest {
  /// By node.
  var parents: [(node: Int, edge: Int)?]
  var families: [Int]
  /// By edge.
  var probabilities: [(down: Double, up: Double, neither: Double)]

  init(_ links: [(parent: Int, child: Int)], _ clues: [[Clue]], count: Int) {
    parents = Array(repeating: nil, count: count)
    families = Array(repeating: 0, count: count)
    probabilities = Array(repeating: (0, 0, 0), count: links.count)
    // A link goes from parent to child: whoever is nobody's child is a tree's first.
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
        TreeSkeleton.edge(places[links[number].parent] ?? 0, places[links[number].child] ?? 0, clues[number])
      }
      let posterior = RootPosterior(nodes: members.count, edges: edges)
      for (place, member) in members.enumerated() {
        families[member] = family
        parents[member] = posterior.parents[place].map { (members[$0.node], numbers[$0.edge]) }
      }
      for (number, found) in zip(numbers, posterior.probabilities) { probabilities[number] = found }
    }
  }
}
