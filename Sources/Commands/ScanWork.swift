import BasisRecovery
import Lineage
import ModelAnatomy
import Synchronization
import Threads
import WeightSimilarity

/// The comparisons of a scan: models of one anatomy together in one pass, then pair by pair what passes do not decide.
///
/// The pairs that are looked at one by one follow from a `ScanPlan`, those first that look most like kin. What is said of a pair is
/// what `compare` says of it, or has a warning.
struct ScanWork {
  /// What was found by a pass, of which models.
  private struct Found: Sendable {
    var similarity: CollectionSimilarity
    /// Places of the models in the pass's order.
    var models: [Int]
  }

  private let collection: ModelCollection
  private let depth: Depth
  private let limits: ScanLimits
  /// The neurons of models that are looked at harder.
  private let cache = NeuronCache()
  private let passes: ScanPasses
  /// The passes whose results are held for the pairs that are looked at later, and what was found in them.
  private let held: Set<Int>
  private let store = PassStore()

  private final class PassStore: Sendable {
    let found = Mutex<[Int: Found]>([:])
  }

  /// Divides the pairs of `collection`.
  init(_ collection: ModelCollection, depth: Depth, limits: ScanLimits = ScanLimits()) {
    (self.collection, self.depth, self.limits) = (collection, depth, limits)
    passes = ScanPasses(collection, mostModels: limits.mostModels)
    var (held, bytes) = (Set<Int>(), 0)
    for (number, pass) in passes.all.enumerated() {
      let models = collection.anatomies(pass.models)
      let size = 2 * CollectionPass.recordBytes(of: models)
      guard limits.keepsParts(of: models), bytes + size <= limits.heldBytes else { continue }
      bytes += size
      held.insert(number)
    }
    self.held = held
  }

  /// Bytes that `run` will read at least, for a `Progress`: looks at one pair after another are counted by themselves.
  var bytes: Int { passes.all.reduce(0) { $0 + CollectionPass.bytes(of: collection.anatomies($1.models)) } }

  /// Finishes every pair, `jobs` at a time with `workers` together. What a journal has is taken from there.
  func run(into results: ScanResults, workers: Workers, jobs: Int, progress: Progress) {
    for (number, pass) in passes.all.enumerated() {
      guard !results.restore(pass) else {
        progress.skip(CollectionPass.bytes(of: collection.anatomies(pass.models)))
        continue
      }
      let result = read(pass, results, workers, progress)
      let verdicts = verdicts(of: pass.pairs, in: result, workers)
      results.add(mixtures(in: result), verdicts, of: ScanPasses.Pass(models: result.models, pairs: pass.pairs))
      if held.contains(number) { store.found.withLock { $0[number] = result } }
    }
    let plan = ScanPlan(
      collection, open: results.open + passes.alone.map { ScanPlan.Open(number: $0, score: nil) }, kin: results.kin,
      most: limits.mostLooks)
    let each = Workers(threads: max(1, workers.threads / jobs))
    look(at: plan.first, into: results, workers, Workers(threads: jobs), each, progress)
    let (next, left) = plan.more(isKin: results.isKin)
    look(at: next, into: results, workers, Workers(threads: jobs), each, progress)
    results.leave(left, looks: plan.first.count + next.count)
    // Where all were compared with all, the tree says whose tuning is wanted.
    guard depth != .quick, !collection.isAllWithAll else { return }
    lookClosely(at: nearest(results.findings).subtracting(left).sorted(), into: results, Workers(threads: jobs), each, progress)
  }

  /// The pairs of models with their nearest kin, by number.
  private func nearest(_ findings: ScanFindings) -> Set<Int> {
    let wanted = findings.nearest.compactMap { found -> Set<Int>? in
      guard let own = collection.place(of: found.candidate),
        let nearest = found.nearest.flatMap({ collection.place(of: $0.model) })
      else { return nil }
      return [own, nearest]
    }
    let pairs = Set(wanted)
    return Set(
      collection.pairs.enumerated().filter { pairs.contains([$1.candidate, $1.foundation]) }.map(\.offset))
  }

  /// What tuning changed between a model and its nearest kin.
  private func lookClosely(
    at numbers: [Int], into results: ScanResults, _ jobs: Workers, _ each: Workers, _ progress: Progress
  ) {
    progress.plan(comparisons: numbers.count)
    _ = jobs.map(numbers.count) { i in
      defer { progress.countComparison() }
      let pair = collection.pairs[numbers[i]]
      _ = tuning(of: pair.candidate, from: pair.foundation, number: numbers[i], results, each)
    }
  }

  /// What tuning made of `parent` in `child`, in words, where all were compared with all; see `lookClosely`.
  func tuning(of child: Int, from parent: Int, _ results: ScanResults, _ workers: Workers) -> [String] {
    let number = ModelCollection.number(candidate: max(child, parent), foundation: min(child, parent))
    return tuning(of: child, from: parent, number: number, results, workers)
  }

  /// Both are read once more, element beside element. Nothing where masks hide it, or the two are not kin.
  private func tuning(
    of child: Int, from parent: Int, number: Int, _ results: ScanResults, _ workers: Workers
  ) -> [String] {
    guard depth != .quick, results.isTuned(number), !results.isLost(number) else { return [] }
    let pair = ModelCollection.Pair(candidate: child, foundation: parent)
    if let known = results.restoreClose(pair, number: number) { return known.tuning }
    let verdict = Assessment(
      collection.pairing(pair, workers), depth: depth, workers: workers, progress: nil, cache: cache, isDetailed: true
    ).verdict
    results.finishClose(pair, number: number, verdict)
    return verdict.tuning
  }

  /// One pass; without the models that are lost in it, so that the others' numbers do not depend on them.
  private func read(_ pass: ScanPasses.Pass, _ results: ScanResults, _ workers: Workers, _ progress: Progress?) -> Found {
    var models = results.kept(of: pass.models)
    while true {
      let anatomies = collection.anatomies(models)
      let keeps = limits.keepsParts(of: anatomies)
      let similarity = CollectionPass(anatomies, workers: workers, progress: progress).run(
        known: { keeps ? results.part($0, of: models) : nil },
        keep: keeps ? { results.keep($1, as: $0, of: models) } : nil)
      let kept = results.kept(of: models)
      guard kept.count < models.count else { return Found(similarity: similarity, models: models) }
      models = kept
    }
  }

  private func mixtures(in found: Found) -> [Mixture] {
    let models = found.models
    let isFoundation = Set(collection.foundations)
    let given = models.indices.filter { isFoundation.contains(models[$0]) }
    // Of equal models the one that is stored most plainly has the name.
    let plainness = models.map { place in
      let anatomy = collection.models[place].anatomy
      return (anatomy.storage.isEmpty ? 0 : 1) + (anatomy.quantisations.isEmpty ? 0 : 2) + (anatomy.adapter == nil ? 0 : 4)
    }
    return Mixture.find(
      in: found.similarity.matrices, models: models.count,
      foundations: isFoundation.count < collection.models.count ? Set(given) : nil,
      order: models.indices.sorted { (plainness[$0], $0) < (plainness[$1], $1) })
  }

  /// What a pass says of its pairs, and whether it decides them.
  private func verdicts(of pairs: [Int], in found: Found, _ workers: Workers) -> [ScanResults.First] {
    let places = Dictionary(uniqueKeysWithValues: zip(found.models, 0...))
    let verdicts = workers.map(pairs.count) { i -> ScanResults.First? in
      let number = pairs[i]
      let pair = collection.pairs[number]
      guard let candidate = places[pair.candidate], let foundation = places[pair.foundation] else { return nil }
      // What may be identical is looked at first.
      guard let similarity = found.similarity.similarity(candidate: candidate, foundation: foundation) else {
        return .init(number: number, verdict: nil, isFinal: false)
      }
      let (verdict, isFinal) = Assessment.inPlace(similarity, layersDiffer: false, depth: depth)
      guard isFinal, depth != .quick, verdict.relation.isKinship, verdict.relation != .identical else {
        return .init(number: number, verdict: verdict.brief, isFinal: isFinal)
      }
      // What was done to the norms' gains is read beside.
      let one = Workers(threads: 1)
      let whole = Assessment(similarity, of: pairing(number, one), depth: depth, workers: one).verdict
      return .init(number: number, verdict: whole.brief, isFinal: true)
    }
    return verdicts.compactMap { $0 }
  }

  /// Looks at pairs one by one. What a held pass has found of a pair is where that begins.
  private func look(
    at numbers: [Int], into results: ScanResults, _ workers: Workers, _ jobs: Workers, _ each: Workers, _ progress: Progress
  ) {
    let open = numbers.filter { !results.restoreLook($0) }
    progress.plan(comparisons: open.count)
    let wanted = Set(open.compactMap { passes.pass(of: $0) }).intersection(held)
    let known = Dictionary(uniqueKeysWithValues: wanted.sorted().map { ($0, found($0, results, workers)) })
    _ = jobs.map(open.count) { i in
      defer { progress.countComparison() }
      let number = open[i]
      guard !results.isLost(number) else { return results.finish(number, nil) }
      let pairing = pairing(number, each)
      let inPlace = passes.pass(of: number).flatMap { known[$0] }.flatMap { similarity(of: number, in: $0) }
      let assessment =
        inPlace.map { Assessment($0, of: pairing, depth: depth, workers: each, cache: cache, isAligned: true) }
        ?? Assessment(pairing, depth: depth, workers: each, progress: nil, cache: cache, isAligned: true)
      results.finish(number, assessment.verdict)
    }
  }

  /// What a held pass has found; where a journal had its pairs, it is made again, from its parts there or from the files.
  private func found(_ pass: Int, _ results: ScanResults, _ workers: Workers) -> Found {
    if let known = store.found.withLock({ $0[pass] }) { return known }
    let found = read(passes.all[pass], results, workers, nil)
    store.found.withLock { $0[pass] = found }
    return found
  }

  /// The weights of two models, in either order, beside each other as a held pass has them; nil where none has, or a number is not finite.
  func tensors(candidate: Int, foundation: Int, _ results: ScanResults, _ workers: Workers) -> [TensorSimilarity]? {
    let number = ModelCollection.number(candidate: max(candidate, foundation), foundation: min(candidate, foundation))
    guard collection.isAllWithAll, candidate != foundation, let pass = passes.pass(of: number), held.contains(pass) else {
      return nil
    }
    let found = found(pass, results, workers)
    guard let a = found.models.firstIndex(of: candidate), let b = found.models.firstIndex(of: foundation) else { return nil }
    return found.similarity.tensors(candidate: a, foundation: b)
  }

  private func similarity(of number: Int, in found: Found) -> InPlaceSimilarity? {
    let pair = collection.pairs[number]
    guard let candidate = found.models.firstIndex(of: pair.candidate),
      let foundation = found.models.firstIndex(of: pair.foundation)
    else { return nil }
    return found.similarity.similarity(candidate: candidate, foundation: foundation)
  }

  private func pairing(_ number: Int, _ workers: Workers) -> Pairing { collection.pairing(collection.pairs[number], workers) }
}
