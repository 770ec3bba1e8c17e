import Lineage
import ModelAnatomy
import Safetensors
import WeightSimilarity

/// What a family tree needs beyond a scan: what each model shows by itself, and a second look at neighbours.
struct TreeWork {
  private let collection: ModelCollection
  private let findings: ScanFindings
  private let depth: Depth
  private let workers: Workers
  /// Places in the collection, by the ids' bytes.
  private let places: [[UInt8]: Int]

  init(_ collection: ModelCollection, _ findings: ScanFindings, depth: Depth, workers: Workers) {
    (self.collection, self.findings, self.depth, self.workers) = (collection, findings, depth, workers)
    places = Dictionary(uniqueKeysWithValues: collection.models.enumerated().map { (Array($1.id.utf8), $0) })
  }

  /// Reads gains of all models that could be read, the layers of those that differ from their kin in depth, and each edge's two models, those
  /// with a grandparent once more.
  func tree() -> FamilyTree {
    var known: [[Int]: InPlaceSimilarity] = [:]
    let look = { (foundation: String, candidate: String) -> InPlaceSimilarity? in
      guard let a = place(of: foundation), let b = place(of: candidate) else { return nil }
      if let found = known[[a, b]] { return found }
      let found = self.look(a, b)
      known[[a, b]] = found
      return found
    }
    return FamilyTree(TreeSkeleton(findings, traits: traits, bases: bases, look: look), look: look)
  }

  private func place(of id: String) -> Int? { places[Array(id.utf8)] }

  /// In the order of the findings' models.
  private var traits: [ModelTraits] {
    let deeper = self.deeper
    return findings.models.map { model in
      guard model.error == nil, let place = place(of: model.id) else { return ModelTraits() }
      let anatomy = collection.models[place].anatomy
      var traits = ModelTraits(of: anatomy)
      if deeper.contains(place) { traits.findRepeats(in: anatomy, workers: workers) }
      return traits
    }
  }

  /// Models that have kin with fewer layers.
  private var deeper: Set<Int> {
    var found: Set<Int> = []
    for pair in findings.pairs where pair.verdict.relation.isKinship {
      guard let b = place(of: pair.candidate), let a = place(of: pair.foundation) else { continue }
      let (x, y) = (collection.models[a].anatomy.layers, collection.models[b].anatomy.layers)
      if x != y { found.insert(x > y ? a : b) }
    }
    return found
  }

  /// The bases of adapters' models that are models of the collection themselves.
  private var bases: [(adapter: String, base: String)] {
    let byFiles = Dictionary(
      collection.models.filter { $0.anatomy.adapter == nil }.map { ($0.anatomy.files.map { FilePlace($0) }, $0.id) },
      uniquingKeysWith: { first, _ in first })
    return collection.models.compactMap { model in
      guard let base = model.anatomy.adapter?.base else { return nil }
      return byFiles[base.files.map { FilePlace($0.path) }].map { (model.id, $0) }
    }
  }

  /// A pass over two models in place, layers in any order (as the scan of this depth has them).
  private func look(_ foundation: Int, _ candidate: Int) -> InPlaceSimilarity {
    let (b, a) = Anatomy.agreeing(collection.models[candidate].anatomy, collection.models[foundation].anatomy)
    let pairing = Pairing(inPlace: b, a, workers: workers)
    let similarity = InPlacePass(pairing, workers: workers, progress: nil).run()
    guard a.layers != b.layers, depth != .quick else { return similarity }
    let order = LayerOrder(candidate: b, foundation: a, workers: workers)
    guard order.isMoved else { return similarity }
    let choice = ExpertChoice(candidate: b, foundation: a, order: order, workers: workers)
    return InPlacePass(
      Pairing(candidate: b, foundation: a, order: order, choice: choice, readings: pairing.readings), workers: workers,
      progress: nil
    ).run()
  }
}
