import Lineage

extension ScanWork {
  /// A scan of `collection` that goes on from the journal at a path, if there is one, and keeps its results there.
  ///
  /// `maxComparisons`: full comparisons at most, where all models are compared with all; nil for as many as there are pairs.
  package convenience init(
    _ collection: ModelCollection, depth: Depth, maxComparisons: Int?, jobs: Int, journal path: String?, _ run: RunSettings
  ) throws(UnmaskError) {
    let journal = try path.map { path throws(UnmaskError) in try ScanJournal(path, for: collection, depth: depth) }
    self.init(
      collection, depth: depth, limits: ScanLimits(mostLooks: maxComparisons), jobs: jobs, journal: journal, run)
  }

  /// Ends the use of the journal, so that another scan can go on with it.
  package func close() { journal?.finish() }

  /// Compares all pairs and, where the tree directs them, builds it.
  package func scan() throws(UnmaskError) -> ScanResult {
    try reporting { () throws(UnmaskError) in
      try compareAll()
      // Directions are in what all models say together.
      let tree = collection.isAllWithAll && depth != .quick ? try buildTree() : nil
      return ScanResult(
        results.findings, tree: tree, journalError: journal?.failure, hasLosses: results.hasLosses)
    }
  }

  /// Compares all pairs and builds the family tree.
  package func tree() throws(UnmaskError) -> TreeResult {
    try reporting { () throws(UnmaskError) in
      try compareAll()
      return TreeResult(try buildTree(), journalError: journal?.failure, hasLosses: results.hasLosses)
    }
  }

  /// What was found up to now; may be asked for from any thread.
  package var partialResult: ScanResult {
    ScanResult(results.findings, tree: nil, journalError: journal?.failure, hasLosses: results.hasLosses)
  }

  /// Number of pairs that are finished.
  package var finishedPairs: Int { results.finished }

  /// The tree of the models that could be read to the end: one that is lost when it is read once more is left out, as in a scan.
  private func buildTree() throws(UnmaskError) -> FamilyTree {
    let all = Array(collection.models.indices)
    var kept = results.kept(of: all)
    while true {
      let tree = try TreeWork(self).tree()
      let now = results.kept(of: all)
      if now.count == kept.count { return tree }
      kept = now
    }
  }

  private func reporting<Result>(_ work: () throws(UnmaskError) -> Result) throws(UnmaskError) -> Result {
    let reporter = ProgressReporter(progress, .comparing, run.progress)
    defer { reporter?.finish() }
    return try work()
  }
}
