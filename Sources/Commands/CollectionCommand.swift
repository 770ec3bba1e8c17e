import AuditReports
import ReportPages
import Reports
import Unmask

/// A command that compares the models of folders with each other.
protocol CollectionCommand: ModelCommand {
  var folders: [String] { get }
  var depth: DepthOption { get }
  var options: CollectionOptions { get }
  var date: DateOption { get }
}

extension CollectionCommand {
  /// From so many pairs on a run may take minutes.
  private static var manyPairs: Int { 300 }

  /// Finds and opens the models. `foundations`: paths of the models that the others are compared with.
  func collection(against foundations: [String] = []) throws(UnmaskError) -> ModelCollection {
    try ModelCollection(
      folders: folders, against: foundations, base: options.base, threads: shared.threads, words: \.line,
      isWanted: options.isWanted)
  }

  /// The work that compares the models of `collection`, with its journal opened.
  func work(on collection: ModelCollection, _ run: RunSettings) throws -> ScanWork {
    // A user who watches the progress can still stop the run, and start it again with this option.
    if options.resume == nil, shared.drawsProgress, collection.pairs.count > Self.manyPairs {
      shared.note("\(collection.pairs.count) pairs: with --resume FILE an interrupted run can be continued")
    }
    if let path = options.resume { try OutputFile.checkIsFree(OutputPath(path)) }
    return try ScanWork(
      collection, depth: depth.depth(isLocal: collection.isLocal), maxComparisons: options.mostComparisons, jobs: options.jobs,
      journal: options.resume, run)
  }

  /// What the documents say of the run beside its findings; with the content hashes if they were requested.
  func facts(of collection: ModelCollection, _ run: RunSettings) throws(UnmaskError) -> ScanFacts {
    ScanFacts(
      depth: depth.depth(isLocal: collection.isLocal),
      hashes: options.hash ? try ContentHashes.all(of: collection, run) : [:], revisions: collection.revisions)
  }

  /// The text of the progress line for the work on `collection`.
  func words(for collection: ModelCollection) -> String {
    "\(collection.models.count) models, \(collection.pairs.count) pairs"
  }

  /// Reports problems after the results are written: a journal that could not be written, models that could not be read.
  func checkEnd(models: [ScannedModel], hasLosses: Bool, journalError: UnmaskError?) throws(Failure) {
    if let journalError { throw .engine(journalError) }
    let broken = models.count { $0.error != nil }
    guard broken > 0 else { return }
    let line = "\(broken) of \(models.count) models could not be read; the results contain the errors"
    throw hasLosses ? .reading(line) : .invalid(line)
  }
}
