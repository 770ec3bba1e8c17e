/// Finds every model below some folders and compares every pair, or each model with the given foundations.
///
/// ```swift
/// let found = try Unmask.scan(["models"], against: ["llama-2-7b"])
/// for pair in found.pairs where pair.relation.isKinship { print(pair.candidate, pair.relation, pair.foundation) }
/// ```
///
/// Models of one shape are read once for all their pairs. A model that cannot be read is an entry with an `error`; the others are
/// compared.
///
/// - Parameters:
///   - folders: Folders that contain models, at any depth.
///   - foundations: Paths of models with which every other model is compared; none to compare all with all.
///   - base: The path of the base for adapters whose configuration names no base on this machine.
///   - depth: How far a comparison of a pair escalates.
///   - maxComparisons: Maximum number of full comparisons, where all are compared with all; nil for no limit. Above it, each
///     family is represented by its first model.
///   - journal: A file that keeps finished results, and from which the scan continues; it is created when it does not exist.
///   - jobs: Number of pairs that are compared at the same time; they share the threads.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the work early, with an error of the kind `cancelled`.
/// - Throws: ``UnmaskError``: a folder or foundation cannot be read, there is no model, the journal cannot be opened, OpenBLAS is
///   not installed.
/// - Complexity: N models of one shape: one read of each, and N²/2 products of each weight. Memory: 90 bytes a pair.
public func scan(
  _ folders: [String], against foundations: [String] = [], base: String? = nil, depth: Depth = .standard,
  maxComparisons: Int? = 4950, journal: String? = nil, jobs: Int = 1, threads: Int? = nil, progress: ProgressHandler? = nil,
  cancellation: Cancellation? = nil
) throws(UnmaskError) -> ScanResult {
  let work = try ScanWork(
    try ModelCollection(folders: folders, against: foundations, base: base, threads: threads), depth: depth,
    maxComparisons: maxComparisons, jobs: jobs, journal: journal,
    RunSettings(threads: threads, progress: progress, cancellation: cancellation))
  defer { work.close() }
  return try work.scan()
}

/// Builds the family tree of the models below some folders: descent, mixtures and independent roots.
///
/// Compares all with all, as ``scan(_:against:base:depth:maxComparisons:journal:jobs:threads:progress:cancellation:)`` does, and
/// then finds the direction of the edges between neighbours. See there for parameters, errors and cost. Neighbours are read once
/// more.
public func tree(
  _ folders: [String], base: String? = nil, depth: Depth = .standard, maxComparisons: Int? = 4950, journal: String? = nil,
  jobs: Int = 1, threads: Int? = nil, progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> TreeResult {
  let work = try ScanWork(
    try ModelCollection(folders: folders, against: [], base: base, threads: threads), depth: depth,
    maxComparisons: maxComparisons,
    jobs: jobs, journal: journal, RunSettings(threads: threads, progress: progress, cancellation: cancellation))
  defer { work.close() }
  return try work.tree()
}
