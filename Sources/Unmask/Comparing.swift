import Checkpoints
import Matching
import ModelAnatomy
import RoleInference
import TensorFiles
import Threads
import WeightSimilarity

/// Compares the model at the path `candidate` with the model at the path `foundation`, and reports their relation.
///
/// ```swift
/// let result = try Unmask.compare(candidate: "theirs", foundation: "ours")
/// print(result.relation, result.cosine ?? .nan)
/// ```
///
/// - Parameters:
///   - candidate: The path of the model whose origin is in question.
///   - foundation: The path of the model that it may come from.
///   - base: The path of the base, when one of the two is an adapter; nil for the base that its configuration names.
///   - depth: How far the search escalates while the results are not conclusive.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the comparison early, with an error of the kind `cancelled`.
/// - Throws: ``UnmaskError``: a model cannot be opened or read, or was changed during reading; OpenBLAS is needed and not
///   installed.
/// - Complexity: One read of both models (memory: O(tensors)); more reads where the result is not conclusive, see ``Depth``.
public func compare(
  candidate: String, foundation: String, base: String? = nil, depth: Depth = .standard, threads: Int? = nil,
  progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> ComparisonResult {
  let models = try Model.pair(candidate: candidate, foundation: foundation, base: base, threads: threads)
  return try compare(
    candidate: models.candidate, foundation: models.foundation, depth: depth, threads: threads, progress: progress,
    cancellation: cancellation)
}

/// Compares two models that are open; see ``compare(candidate:foundation:base:depth:threads:progress:cancellation:)``.
///
/// - Parameters:
///   - candidate: The model whose origin you want to know.
///   - foundation: The model that the candidate may come from.
///   - depth: How far the search escalates while the results are not conclusive.
///   - layerMatrix: Whether to compute the cosines of every layer with every layer too: one more read. The matrix is left out
///     where the models have more than a million pairs of layers.
///   - contentHashes: Whether to compute both content hashes too: one more read.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the work early, with an error of the kind `cancelled`.
public func compare(
  candidate: Model, foundation: Model, depth: Depth = .standard, layerMatrix: Bool = false, contentHashes: Bool = false,
  threads: Int? = nil, progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> ComparisonResult {
  try compare(
    candidate, foundation, depth: depth, layerMatrix: layerMatrix ? .ifPossible : .none, contentHashes: contentHashes,
    RunSettings(threads: threads, progress: progress, cancellation: cancellation))
}

/// Whether a comparison computes the matrix of all layers.
package enum LayerMatrixRequest: Sendable {
  case none
  /// Left out where there are too many layers.
  case ifPossible
  /// An error where there are too many layers.
  case required
}

package func compare(
  _ candidate: Model, _ foundation: Model, depth: Depth, layerMatrix: LayerMatrixRequest, contentHashes: Bool, _ run: RunSettings
) throws(UnmaskError) -> ComparisonResult {
  let anatomies = ModelReading.agreeing(candidate.anatomy, foundation.anatomy)
  let pairing = PairingChoice.inPlace(anatomies.0, anatomies.1, workers: run.workers)
  let heatmap = LayerHeatmap(candidate: pairing.candidate, foundation: pairing.foundation)
  if layerMatrix == .required { try heatmap.checkDepth(candidate.path, foundation.path) }
  try run.checkCancelled()
  let comparison = try run.watching(.comparing, total: InPlacePass.bytes(of: pairing)) { progress throws(UnmaskError) in
    try PairComparison(pairing, depth: depth, detail: .tuning, run, progress: progress)
  }
  try run.check(candidate.anatomy, foundation.anatomy)
  let threads = run.workers.threads
  let first = try pairing.candidate.description(hash: contentHashes, threads: threads, listing: false)
  let second = try pairing.foundation.description(hash: contentHashes, threads: threads, listing: false)
  var matrix: LayerMatrix?
  if layerMatrix != .none, heatmap.isPossible {
    matrix = try heatmap.matrix(aligned: comparison.alignment, run)
    if matrix == nil { matrix = try heatmap.matrix(role: nil, metric: .cosine, run) }
  }
  try run.check(candidate.anatomy, foundation.anatomy)
  return ComparisonResult(
    candidate: first, foundation: second, similarity: comparison.similarity, verdict: comparison.verdict,
    change: comparison.change, matrix: matrix, isOneModel: ModelOpening.areOneModel(candidate.anatomy, foundation.anatomy))
}
