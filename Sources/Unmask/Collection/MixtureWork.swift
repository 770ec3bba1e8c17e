import Lineage
import MergeAnalysis
import ModelAnatomy
import Synchronization
import Threads
import WeightSimilarity

/// Finds the mixtures among the models of a pass, and the method by which each was merged.
struct MixtureWork {
  private let collection: ModelCollection
  private let depth: Depth
  private let run: RunSettings

  init(_ collection: ModelCollection, depth: Depth, _ run: RunSettings) {
    (self.collection, self.depth, self.run) = (collection, depth, run)
  }

  /// The mixtures, ascending by candidate: those that inner products show, and, unless the depth is quick, those that sampled elements
  /// show, with the methods of both. Reads half a MB of each model that is like another one, if there are three or more. `models`: indices in the collection, in the pass's order.
  func mixtures(among models: [Int], in similarity: CollectionSimilarity) -> [Mixture] {
    let isFoundation = Set(collection.foundations)
    let given = models.indices.filter { isFoundation.contains(models[$0]) }
    // Among equal models, the one with the simplest storage gives the name.
    let complexity = models.map { collection.models[$0].anatomy.storageComplexity }
    let foundations = isFoundation.count < collection.models.count ? Set(given) : nil
    let order = models.indices.sorted { (complexity[$0], $0) < (complexity[$1], $1) }
    let found = Mixture.find(in: similarity.matrices, models: models.count, foundations: foundations, order: order)
    guard models.count > 2, depth != .quick else { return found }
    let known = Dictionary(uniqueKeysWithValues: found.map { ($0.candidate, $0) })
    let anatomies = collection.anatomies(models)
    let cache = SampleCache(anatomies)
    let search = MergeSearch(similarity.matrices, models: models.count, sample: cache.sample, elements: cache.elements)
    let others = order.filter { foundations?.contains($0) ?? true }
    let all = run.workers.map(models.count) { i -> Mixture? in
      if self.run.workers.isCancelled { return nil }
      let sum = known[i].flatMap { self.withMethod($0, search) }
      // Small changes of few elements leave a sum that rounding could explain; then the elements decide.
      if let sum, !sum.isExact || sum.kind == .passthrough || !(sum.recipe?.methods.isEmpty ?? true) { return sum }
      guard !(foundations?.contains(i) ?? false) else { return sum }
      let based = known[i].flatMap { search.recipe(of: i, from: $0.models, withBaseAmong: others) }
      guard let recipe = based ?? search.recipe(of: i, among: others) else { return sum }
      return Mixture(of: i, recipe, rounding: search.rounding(of: i))
    }
    return Mixture.withoutCycles(all.compactMap { $0 })
  }

  /// The method of a mixture that is a weighted sum in each matrix. nil if an impostor explains the elements as well as the parents: then it
  /// is a related model.
  private func withMethod(_ mixture: Mixture, _ search: MergeSearch) -> Mixture? {
    guard mixture.isExact, mixture.kind != .passthrough,
      let recipe = search.recipe(of: mixture.candidate, from: mixture.models)
    else { return mixture }
    return recipe.isBeyondImpostor ? mixture.merged(by: recipe) : nil
  }
}

/// The sampled elements of the models of a pass, each read once.
private final class SampleCache: Sendable {
  let sample: MergeSample
  private let anatomies: [Anatomy]
  /// By model; nil inside for one that cannot be sampled.
  private let known = Mutex<[Int: MergeElements?]>([:])

  init(_ anatomies: [Anatomy]) { (self.anatomies, sample) = (anatomies, MergeSample(of: anatomies[0])) }

  @Sendable func elements(_ model: Int) -> MergeElements? {
    if let found = known.withLock({ $0[model] }) { return found }
    let read = sample.read(anatomies[model])
    known.withLock { $0[model] = .some(read) }
    return read
  }
}
