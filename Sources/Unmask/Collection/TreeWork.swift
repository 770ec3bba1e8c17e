import Checkpoints
import Lineage
import Matching
import ModelAnatomy
import TensorFiles
import Threads
import WeightSimilarity

/// Builds a family tree from the results of a scan: reads the traits of each model, and compares neighbours once more.
struct TreeWork {
  private let scan: ScanWork
  private let collection: ModelCollection
  private let findings: ScanFindings
  private var workers: Workers { scan.run.workers }

  /// Uses the current results of `scan`.
  init(_ scan: ScanWork) { (self.scan, collection, findings) = (scan, scan.collection, scan.results.findings) }

  /// Reads the gains of all readable models, and the layers of models that have more layers than a related model. Reads both
  /// models of each edge where no held pass has them, and again for models with a grandparent. Reads both models of an edge once
  /// more for what tuning changed, several edges at a time.
  func tree() throws(UnmaskError) -> FamilyTree {
    var known: [[Int]: [TensorSimilarity]] = [:]
    let look = { (foundation: String, candidate: String) -> [TensorSimilarity]? in
      guard let a = collection.position(of: foundation), let b = collection.position(of: candidate) else { return nil }
      if let found = known[[a, b]] { return found }
      if let found = scan.tensors(candidate: b, foundation: a) { return found }
      let found = self.look(.init(candidate: b, foundation: a))
      known[[a, b]] = found
      return found
    }
    let tree = FamilyTree(TreeSkeleton(findings, traits: traits, bases: bases, look: look), look: look)
    try scan.run.checkCancelled()
    let edges = tree.tunableEdges
    scan.progress.plan(comparisons: edges.count)
    let facts = Workers(threads: scan.jobs).map(edges.count) { i -> [TuningFact] in
      defer { scan.progress.countComparison() }
      let edge = tree.edges[edges[i]]
      guard let child = collection.position(of: tree.nodes[edge.child].name),
        let parent = collection.position(of: tree.nodes[edge.parent].name)
      else { return [] }
      return scan.tuning(of: child, from: parent)
    }
    try scan.run.checkCancelled()
    return tree.tuned(Dictionary(uniqueKeysWithValues: zip(edges, facts)))
  }

  /// The traits, in the order of the findings' models.
  private var traits: [ModelTraits] {
    let deeper = self.deeper
    return findings.models.map { model in
      guard model.error == nil, let place = collection.position(of: model.id) else { return ModelTraits() }
      let anatomy = collection.models[place].anatomy
      var traits = ModelTraits(of: anatomy)
      if deeper.contains(place) { traits.findRepeats(in: anatomy, workers: workers) }
      return traits
    }
  }

  /// Indices of models that are related to a model with fewer layers.
  private var deeper: Set<Int> {
    var found: Set<Int> = []
    let pairs = findings.pairs
    let places = pairs.ids.map { collection.position(of: $0) }
    for pair in pairs.indices where pairs.relation(pair).isKinship {
      guard let b = places[pairs.candidate(pair)], let a = places[pairs.foundation(pair)] else { continue }
      let (x, y) = (collection.models[a].anatomy.layers, collection.models[b].anatomy.layers)
      if x != y { found.insert(x > y ? a : b) }
    }
    return found
  }

  /// The bases of adapters, where the base is a model of the collection.
  private var bases: [(adapter: String, base: String)] {
    let byFiles = Dictionary(
      collection.models.filter { $0.anatomy.adapter == nil }.map { ($0.anatomy.files.map { FileLocation($0) }, $0.id) },
      uniquingKeysWith: { first, _ in first })
    return collection.models.compactMap { model in
      guard let base = model.anatomy.adapter?.base else { return nil }
      return byFiles[base.files.map { FileLocation($0.path) }].map { (model.id, $0) }
    }
  }

  /// Compares two models in place in one pass; also with moved layers, except at depth `quick`.
  private func look(_ pair: ModelCollection.Pair) -> [TensorSimilarity] {
    let pairing = collection.pairing(pair, workers)
    let inPlace = InPlacePass(pairing, workers: workers, progress: nil).run().tensors
    guard pairing.candidate.layers != pairing.foundation.layers, scan.depth != .quick,
      let order = LayerOrderSearch.order(candidate: pairing.candidate, foundation: pairing.foundation, workers: workers),
      order.isMoved
    else { return inPlace }
    return InPlacePass(pairing.reordered(by: order, workers: workers), workers: workers, progress: nil).run().tensors
  }
}
