import Checkpoints
import ModelAnatomy
import TensorFiles
import Threads
import WeightSimilarity

/// Describes the model at `path`. For an adapter, describes its own tensors, not the model that results from applying it to its
/// base.
///
/// - Parameters:
///   - path: The path of the model.
///   - contentHash: Whether to compute the content hash too: reads every byte.
///   - statistics: Whether to compute mean and standard deviation of every tensor too: reads every byte.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the work early, with an error of the kind `cancelled`.
/// - Throws: ``UnmaskError``: the model cannot be opened or read, or was changed during reading.
/// - Complexity: O(header bytes), and O(bytes) for hash or statistics.
public func inspect(
  _ path: String, contentHash: Bool = false, statistics: Bool = false, threads: Int? = nil, progress: ProgressHandler? = nil,
  cancellation: Cancellation? = nil
) throws(UnmaskError) -> ModelSummary {
  try inspect(
    try Model(asStored: path), contentHash: contentHash, statistics: statistics, threads: threads, progress: progress,
    cancellation: cancellation)
}

/// Describes an open model; see ``inspect(_:contentHash:statistics:threads:progress:cancellation:)``.
public func inspect(
  _ model: Model, contentHash: Bool = false, statistics: Bool = false, threads: Int? = nil, progress: ProgressHandler? = nil,
  cancellation: Cancellation? = nil
) throws(UnmaskError) -> ModelSummary {
  try inspect(
    model, contentHash: contentHash, statistics: statistics,
    RunSettings(threads: threads, progress: progress, cancellation: cancellation))
}

/// Describes an open model.
package func inspect(
  _ model: Model, contentHash: Bool, statistics: Bool, _ run: RunSettings
) throws(UnmaskError) -> ModelSummary {
  let checkpoint = model.anatomy.checkpoint
  var description = try model.anatomy.description(hash: contentHash, run, listing: true)
  if let base = description.base, base.path == nil {
    description.base?.path = ModelOpening.basePath(named: base.named, of: checkpoint)
  }
  try run.checkCancelled()
  let all =
    statistics
    ? run.watching(.statistics, total: checkpoint.totalBytes) {
      TensorStatistics.all(of: checkpoint, workers: run.workers, progress: $0)
    } : nil
  try run.check(model.anatomy)
  description.remote = RemoteDescription(of: checkpoint)
  return ModelSummary(description, statistics: all)
}
