import Checkpoints
import MemoryMapping
import ModelAnatomy
import Sketches
import Threads
import Unmask

/// What tells exactly whether a model is the same as before.
struct ModelFingerprint: Sendable, Equatable {
  /// The commit of the hub that its files come from; nil for other models.
  let commit: String?
  /// The content hash, and that of an adapter's base; nil for what is not on this machine.
  let content: String?
  let baseContent: String?
  /// The files with its weights, sorted by name, without those of an adapter's base.
  let files: [LockedModel.File]

  /// Reads every byte of a model of this machine.
  init(of model: Model, _ run: RunSettings) throws(UnmaskError) {
    let checkpoint = model.anatomy.checkpoint
    commit = ModelOrigin(of: checkpoint).commit
    files = checkpoint.files.map { LockedModel.File(name: $0.path.lastPathPart, bytes: $0.size) }
      .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    content = try Self.content(checkpoint, run)
    baseContent = try model.anatomy.adapter.flatMap { adapter throws(UnmaskError) in try Self.content(adapter.base, run) }
    try run.check(model)
  }

  private static func content(_ checkpoint: Checkpoint, _ run: RunSettings) throws(UnmaskError) -> String? {
    guard checkpoint.isLocal else { return nil }
    do { return try checkpoint.contentHash(threads: run.workers.threads) } catch { throw UnmaskError(error) }
  }

  /// The hash of the numbers; see `ValueDigest`.
  static func values(of model: Model, _ run: RunSettings) throws(UnmaskError) -> String? {
    let found: String?
    do { found = try ValueDigest.of(model.anatomy, workers: run.workers) } catch { throw UnmaskError(error) }
    try run.check(model)
    return found
  }
}
