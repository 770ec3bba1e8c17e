/// Finds every model below some folders and compares all with all, or each with given foundations.
///
/// ```swift
/// let found = try Unmask.scan(["models"], against: ["llama-2-7b"])
/// for pair in found.pairs where pair.relation.isKinship { print(pair.candidate, pair.relation, pair.foundation) }
/// ```
///
/// Models of one shape are read once for all their pairs. A model that cannot be read is an entry with an `error`; the others are compared.
///
/// - Parameters:
///   - folders: Folders that contain models, at any depth.
///   - foundations: Paths of models that every other one is compared with; none to compare all with all.
///   - base: The path of the base of adapters whose configuration names none that is here.
///   - depth: How far a comparison of a pair escalates.
///   - maxComparisons: Full comparisons at most, where all are compared with all; nil for no limit. Above it, each family is represented by its
///     first model.
///   - journal: A file that keeps finished results, and that the scan goes on from; it is made when it is not there.
///   - jobs: Pairs that are compared at the same time; they share the threads.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the work early, with an error of the kind `cancelled`.
/// - Throws: ``UnmaskError``: a folder or foundation cannot be read, there is no model, the journal cannot be opened, OpenBLAS is not installed.
/// - Complexity: N models of one shape: one read of each, and N²/2 products of each weight. Memory: 90 bytes a pair.
public func scan(
  _ folders: [String], against foundations: [String] = [], base: String? = nil, depth: Depth = .standard,
  maxComparisons: Int? = 4950, journal: String? = nil, jobs: Int = 1, threads: Int? = nil, progress: ProgressHandler? = nil,
  cancellation: Cancellation? = nil
) throws(UnmaskError) -> ScanResult {
  let work = try ScanWork(
    try ModelCollection(folders: folders, against: foundations, base: base), depth: depth, maxComparisons: maxComparisons,
    jobs: jobs, journal: journal, RunSettings(threads: threads, progress: progress, cancellation: cancellation))
  defer { work.close() }
  return try work.scan()
}

/// Builds the family tree of the models below some folders: which descends from which, mixtures, independent roots.
///
/// Compares all with all, as ``scan(_:against:base:depth:maxComparisons:journal:jobs:threads:progress:cancellation:)`` does, and then directs the
/// edges between neighbours. See there for parameters, errors and cost; neighbours are read once more.
public func tree(
  _ folders: [String], base: String? = nil, depth: Depth = .standard, maxComparisons: Int? = 4950, journal: String? = nil,
  jobs: Int = 1, threads: Int? = nil, progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> TreeResult {
  let work = try ScanWork(
    try ModelCollection(folders: folders, against: [], base: base), depth: depth, maxComparisons: maxComparisons, jobs: jobs,
    journal: journal, RunSettings(threads: threads, progress: progress, cancellation: cancellation))
  defer { work.close() }
  return try work.tree()
}
