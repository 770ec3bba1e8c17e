import Lineage
import Threads

extension ScanWork {
  /// A scan of `collection` that continues from the journal at a path, if there is one, and writes its results there.
  ///
  /// `maxComparisons`: maximum number of full comparisons, where all models are compared with all; nil for no limit.
  package convenience init(
    _ collection: ModelCollection, depth: Depth, maxComparisons: Int?, jobs: Int, journal path: String?, _ run: RunSettings
  ) throws(UnmaskError) {
    let journal = try path.map { path throws(UnmaskError) in try ScanJournal(path, for: collection, depth: depth) }
    self.init(
      collection, depth: depth, limits: ScanLimits(mostLooks: maxComparisons), jobs: jobs, journal: journal, run)
  }

  /// Releases the journal, so that another scan can continue from it.
  package func close() { journal?.finish() }

  /// Compares all pairs, and builds the tree where it gives the pairs their direction.
  package func scan() throws(UnmaskError) -> ScanResult {
    try reporting { () throws(UnmaskError) in
      try compareAll()
      // The directions follow from all models together.
      let tree = collection.isAllWithAll && depth != .quick ? try buildTree(turnsPairs: true) : nil
      return ScanResult(
        results.findings(turnedBy: tree), tree: tree, journalError: journal?.failure, hasLosses: results.hasLosses)
    }
  }

  /// Compares all pairs and builds the family tree.
  package func tree() throws(UnmaskError) -> TreeResult {
    try reporting { () throws(UnmaskError) in
      try compareAll()
      return TreeResult(try buildTree(), journalError: journal?.failure, hasLosses: results.hasLosses)
    }
  }

  /// The current results; any thread may read them.
  package var partialResult: ScanResult {
    ScanResult(results.findings, tree: nil, journalError: journal?.failure, hasLosses: results.hasLosses)
  }

  /// Number of pairs that are finished.
  package var finishedPairs: Int { results.finished }

  /// The tree of the models that could be read completely. A model that is lost when it is read again is left out, as in a scan.
  /// `turnsPairs`: whether pairs are also put in the order of descent.
  private func buildTree(turnsPairs: Bool = false) throws(UnmaskError) -> FamilyTree {
    let all = Array(collection.models.indices)
    var kept = results.kept(of: all)
    while true {
      let tree = try TreeWork(self).tree()
      if turnsPairs { try turnPairs(by: tree) }
      let now = results.kept(of: all)
      if now.count == kept.count { return tree }
      kept = now
    }
  }

  private func reporting<Result>(_ work: () throws(UnmaskError) -> Result) throws(UnmaskError) -> Result {
    let reporter = RunProgress.report(progress, run.log, to: run.progress)
    defer { reporter?.finish() }
    return try run.performing(.comparing, bytes: progress.total, work)
  }
}
