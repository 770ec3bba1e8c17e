import Lineage
import Threads
import WeightSimilarity

/// A command that compares the models of folders with each other.
protocol CollectionCommand: ModelCommand {
  var depth: DepthOption { get }
  var options: CollectionOptions { get }
}

extension CollectionCommand {
  /// The journal that was asked for.
  func journal(for collection: ModelCollection) throws(Failure) -> ScanJournal? {
    guard let path = options.resume else { return nil }
    return try ScanJournal(path, for: collection, depth: depth.depth)
  }

  /// Compares all pairs, and does what is to be done `then`, with a progress line over both.
  func compareAll<Answer>(
    in collection: ModelCollection, _ results: ScanResults, then: (ScanWork, Progress) -> Answer
  ) -> Answer {
    let work = ScanWork(collection, depth: depth.depth, limits: options.limits)
    let progress = Progress(total: work.bytes)
    let (models, pairs) = (collection.models.count, collection.pairs.count)
    let line = ProgressLine(progress, of: "\(models) models, \(pairs) pairs", options: shared)
    defer { line?.finish() }
    work.run(into: results, workers: shared.workers, jobs: options.jobs, progress: progress)
    return then(work, progress)
  }

  /// The tree of what could be read to the end: a model that is lost when it is looked at once more is left out, as in a scan.
  func drawTree(
    of collection: ModelCollection, _ results: ScanResults, _ work: ScanWork, _ progress: Progress
  ) -> FamilyTree {
    let all = Array(collection.models.indices)
    var kept = results.kept(of: all)
    while true {
      let tree = TreeWork(collection, results, work, depth: depth.depth, workers: shared.workers, jobs: options.jobs)
        .tree(progress)
      let now = results.kept(of: all)
      if now.count == kept.count { return tree }
      kept = now
    }
  }

  /// What is wrong with work whose results are written: a journal that could not be, models that could not be read.
  func checkEnd(_ findings: ScanFindings, _ results: ScanResults, _ journal: ScanJournal?) throws(Failure) {
    if let failure = journal?.failure { throw failure }
    guard findings.hasErrors else { return }
    let broken = findings.models.count { $0.error != nil }
    let line = "\(broken) of \(findings.models.count) models could not be read; the results name them and say why"
    throw results.hasLosses ? .reading(line) : .invalid(line)
  }
}
