import BasisRecovery
import Lineage
import Matching
import ModelAnatomy
import Synchronization
import Threads
import WeightSimilarity

/// The comparisons of a scan: models of one anatomy together in one pass, then one by one the pairs that passes do not decide.
///
/// A `ScanPlan` determines the pairs that are compared in full, the most similar first. The result of such a pair equals the
/// result of `compare`; a pair that is left out has a warning. Any thread may read the current `results` at any time.
package final class ScanWork: Sendable {
  /// The result of a pass, and its models.
  private struct Found: Sendable {
    var similarity: CollectionSimilarity
    /// Indices of the models in the pass's order.
    var models: [Int]
  }

  let collection: ModelCollection
  let depth: Depth
  private let limits: ScanLimits
  /// Number of pairs that are compared at the same time, each with an equal share of the threads.
  let jobs: Int
  let run: RunSettings
  /// The progress of the whole scan: bytes of passes, then full comparisons.
  let progress: Progress
  let results: ScanResults
  let journal: ScanJournal?
  /// The neurons and heads of models that are compared in full.
  private let cache = ComparisonCache()
  private let passes: ScanPasses
  /// The passes whose results are held for the pairs that are compared in full later.
  private let held: Set<Int>
  /// The results of the held passes that were read so far.
  private let found = Mutex<[Int: Found]>([:])

  /// Divides the pairs of `collection` into passes; reads nothing. Finished results are read from `journal` and written to it.
  init(
    _ collection: ModelCollection, depth: Depth, limits: ScanLimits = ScanLimits(), jobs: Int = 1,
    journal: ScanJournal? = nil, _ run: RunSettings = RunSettings()
  ) {
    (self.collection, self.depth, self.limits, self.jobs, self.run) = (collection, depth, limits, jobs, run)
    self.journal = journal
    results = ScanResults(of: collection, journal: journal)
    passes = ScanPasses(collection, mostModels: limits.mostModels, depth: depth)
    var (held, bytes, total) = (Set<Int>(), 0, 0)
    for (number, pass) in passes.all.enumerated() {
      let models = collection.anatomies(pass.models)
      total += CollectionPass.bytes(of: models)
      let size = 2 * CollectionPass.recordBytes(of: models)
      guard limits.keepsParts(of: models), bytes + size <= limits.heldBytes else { continue }
      bytes += size
      held.insert(number)
    }
    self.held = held
    progress = Progress(total: total)
  }

  /// Finishes every pair. Results in the journal are reused.
  func compareAll() throws(UnmaskError) {
    if depth != .quick || !passes.all.isEmpty { try RequiredLibrary.open() }
    for (number, pass) in passes.all.enumerated() {
      try run.checkCancelled()
      guard !results.restore(pass) else {
        progress.skip(CollectionPass.bytes(of: collection.anatomies(pass.models)))
        continue
      }
      let result = try finish(pass)
      if held.contains(number) { found.withLock { $0[number] = result } }
    }
    let plan = ScanPlan(
      collection, open: results.open + passes.alone.map { ScanPlan.Open(number: $0, score: nil) }, kin: results.kin,
      most: limits.mostLooks)
    try compareFully(plan.first)
    let (next, left) = plan.more(isKin: results.isKin)
    try compareFully(next)
    results.leave(left, compared: plan.first.count + next.count)
    try shareParts()
    // Where all were compared with all, the tree determines the pairs whose tuning is measured.
    guard depth != .quick, !collection.isAllWithAll else { return }
    try measureTuning(nearest(results.findings).subtracting(left).sorted())
  }

  /// Finds the parts that models share, again when a model was lost meanwhile.
  private func shareParts() throws(UnmaskError) {
    let all = Array(collection.models.indices)
    var kept = results.kept(of: all)
    while true {
      results.share(try SharedPartSearch(collection, run).found())
      let now = results.kept(of: all)
      if now.count == kept.count { return }
      kept = now
    }
  }

  /// Numbers of the pairs of a model and its nearest related model.
  private func nearest(_ findings: ScanFindings) -> Set<Int> {
    let wanted = findings.nearest.compactMap { found -> Set<Int>? in
      guard let own = collection.position(of: found.candidate),
        let nearest = found.nearest.flatMap({ collection.position(of: $0.model) })
      else { return nil }
      return [own, nearest]
    }
    let pairs = Set(wanted)
    return Set(
      collection.pairs.enumerated().filter { pairs.contains([$1.candidate, $1.foundation]) }.map(\.offset))
  }

  /// Measures what tuning changed in these pairs, each of a model and its nearest related model.
  private func measureTuning(_ numbers: [Int]) throws(UnmaskError) {
    progress.plan(comparisons: numbers.count)
    _ = Workers(threads: jobs).map(numbers.count) { i in
      defer { self.progress.countComparison() }
      let pair = self.collection.pairs[numbers[i]]
      _ = self.tuning(of: pair.candidate, from: pair.foundation, number: numbers[i])
    }
    try run.checkCancelled()
  }

  /// What tuning changed from `parent` to `child`, where all were compared with all; empty where masks hide it, where the two are
  /// not related, and after the run is cancelled. Reads both models once more.
  func tuning(of child: Int, from parent: Int) -> [TuningFact] {
    let number = ModelCollection.number(candidate: max(child, parent), foundation: min(child, parent))
    return tuning(of: child, from: parent, number: number)
  }

  private func tuning(of child: Int, from parent: Int, number: Int) -> [TuningFact] {
    guard depth != .quick, results.isTuned(number), !results.isLost(number) else { return [] }
    let pair = ModelCollection.Pair(candidate: child, foundation: parent)
    if let known = results.restoreClose(pair, number: number) { return known.tuning }
    let each = run.shared(between: jobs)
    let comparison = try? PairComparison(
      collection.pairing(pair, each.workers), depth: depth, detail: .tuning, each, cache: cache)
    guard let verdict = comparison.map({ scoped($0.verdict, of: pair, each.workers) }) else { return [] }
    results.finishClose(pair, number: number, verdict)
    return verdict.tuning
  }

  /// Runs one pass and adds its verdicts and mixtures. Repeats all of it without the models that were lost at any step, because a lost
  /// model reads as zeros, which would hide a mixture.
  private func finish(_ pass: ScanPasses.Pass) throws(UnmaskError) -> Found {
    while true {
      let result = read(pass, progress)
      // The result of a cancelled pass is not valid: it must not be written to the journal.
      try run.checkCancelled()
      let verdicts = try verdicts(of: pass.pairs, in: result)
      let mixtures = MixtureWork(collection, depth: depth, run).mixtures(among: result.models, in: result.similarity)
      try run.checkCancelled()
      guard results.kept(of: result.models).count == result.models.count else { continue }
      results.add(mixtures, verdicts, of: ScanPasses.Pass(models: result.models, pairs: pass.pairs))
      return result
    }
  }

  /// Runs one pass. Repeats it without the models that were lost in it, so that the results of the others do not depend on them.
  private func read(_ pass: ScanPasses.Pass, _ progress: Progress?) -> Found {
    let results = results
    var models = results.kept(of: pass.models)
    while true {
      let anatomies = collection.anatomies(models)
      let keeps = limits.keepsParts(of: anatomies)
      let similarity = CollectionPass(anatomies, workers: run.workers, progress: progress).run(
        known: { keeps ? results.part($0, of: models) : nil },
        keep: keeps ? { [run] in if run.cancellation?.isCancelled != true { results.keep($1, as: $0, of: models) } } : nil)
      let kept = results.kept(of: models)
      guard kept.count < models.count else { return Found(similarity: similarity, models: models) }
      models = kept
    }
  }

  /// The verdicts of a pass on its pairs, and whether they are final.
  private func verdicts(of pairs: [Int], in found: Found) throws(UnmaskError) -> [PassVerdict] {
    let indices = Dictionary(uniqueKeysWithValues: zip(found.models, 0...))
    let verdicts = run.workers.map(pairs.count) { i -> PassVerdict? in
      let number = pairs[i]
      let pair = self.collection.pairs[number]
      guard let candidate = indices[pair.candidate], let foundation = indices[pair.foundation] else { return nil }
      // Only a comparison of elements shows whether two models are identical.
      guard let similarity = found.similarity.similarity(candidate: candidate, foundation: foundation) else {
        return .init(number: number, verdict: nil, isFinal: false)
      }
      let (verdict, isFinal) = PairComparison.inPlace(similarity, layersDiffer: false, depth: self.depth)
      guard isFinal, self.depth != .quick, verdict.relation.isKinship, verdict.relation != .identical else {
        return .init(number: number, verdict: verdict.brief, isFinal: isFinal)
      }
      // The rewrites of the norms' gains are read separately.
      let one = self.run.shared(between: self.run.workers.threads)
      let whole = try? PairComparison(
        similarity, of: self.pairing(number, one.workers), depth: self.depth, detail: .relation, one)
      return whole.map { .init(number: number, verdict: $0.verdict.brief, isFinal: true) }
    }
    try run.checkCancelled()
    return verdicts.compactMap { $0 }
  }

  /// Compares pairs in full. The comparison of a pair starts from the result of its held pass, if there is one.
  private func compareFully(_ numbers: [Int]) throws(UnmaskError) {
    let open = numbers.filter { !results.restoreLook($0) }
    progress.plan(comparisons: open.count)
    let wanted = Set(open.compactMap { passes.pass(of: $0) }).intersection(held)
    let known = Dictionary(uniqueKeysWithValues: wanted.sorted().map { ($0, result(of: $0)) })
    let each = run.shared(between: jobs)
    _ = Workers(threads: jobs).map(open.count) { i in
      defer { self.progress.countComparison() }
      let number = open[i]
      guard !self.results.isLost(number) else { return self.results.finish(number, nil) }
      let pairing = self.pairing(number, each.workers)
      let inPlace = self.passes.pass(of: number).flatMap { known[$0] }.flatMap { self.similarity(of: number, in: $0) }
      // The only possible error is the cancellation of the run: then the pair stays unfinished.
      let comparison =
        try? inPlace.map {
          try PairComparison($0, of: pairing, depth: self.depth, detail: .alignedCosines, each, cache: self.cache)
        } ?? PairComparison(pairing, depth: self.depth, detail: .alignedCosines, each, cache: self.cache)
      if let comparison {
        self.results.finish(number, self.scoped(comparison.verdict, of: self.collection.pairs[number], each.workers))
      }
    }
    try run.checkCancelled()
  }

  /// The verdict on two main parts, which says `identical` only if all parts are. Reads the other parts of models whose main parts
  /// are identical.
  private func scoped(_ verdict: Verdict, of pair: ModelCollection.Pair, _ workers: Workers) -> Verdict {
    let (candidate, foundation) = (collection.models[pair.candidate], collection.models[pair.foundation])
    guard verdict.relation == .identical, candidate.parts.count > 1 || foundation.parts.count > 1 else { return verdict }
    let pairs = PartPairing.pairs(candidate: candidate.parts, foundation: foundation.parts)
    let others = pairs.dropFirst().map { pair in
      let pairing = pair.foundation.map { PairingChoice.inPlace(pair.candidate.anatomy, $0.anatomy, workers: workers) }
      let relation = pairing.map { Verdict(of: InPlacePass($0, workers: workers, progress: nil).run()).relation }
      return PartFinding(part: pair.candidate.name, relation: relation)
    }
    return verdict.scoped(
      VerdictScope(
        part: candidate.parts[0].name, others: others,
        missing: PartPairing.missing(from: pairs, of: foundation.parts).map(\.name))
    ).brief
  }

  /// The verdict on a pair in the reverse of the collection's order; nil after the run is cancelled. See `turnPairs`.
  func turnedVerdict(_ number: Int) -> Verdict? {
    // Models of one anatomy have equal shapes: then most verdicts can be reversed without a comparison.
    if passes.pass(of: number) != nil, let turned = results.verdict(number)?.turned { return turned }
    let pair = collection.pairs[number]
    let each = run.shared(between: jobs)
    let turned = ModelCollection.Pair(candidate: pair.foundation, foundation: pair.candidate)
    let comparison = try? PairComparison(
      collection.pairing(turned, each.workers), depth: depth, detail: .alignedCosines, each, cache: cache)
    return comparison.map { scoped($0.verdict, of: turned, each.workers) }
  }

  /// The result of a held pass. Where its pairs came from a journal, it is computed again, from its parts in the journal or from
  /// the files.
  private func result(of pass: Int) -> Found {
    if let known = found.withLock({ $0[pass] }) { return known }
    let result = read(passes.all[pass], nil)
    found.withLock { $0[pass] = result }
    return result
  }

  /// The similarities of the weights of two models, in either order, from a held pass; nil where no held pass has them, or where
  /// a number is not finite.
  func tensors(candidate: Int, foundation: Int) -> [TensorSimilarity]? {
    let number = ModelCollection.number(candidate: max(candidate, foundation), foundation: min(candidate, foundation))
    guard collection.isAllWithAll, candidate != foundation, let pass = passes.pass(of: number), held.contains(pass) else {
      return nil
    }
    let found = result(of: pass)
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
