import Checkpoints
package import ModelAnatomy
import RoleInference

/// A model on disk, opened: its headers are read and checked, its weights are not read yet.
///
/// ```swift
/// let model = try Model("models/aurora-chat")
/// print(model.name, model.files.count)
/// ```
///
/// The path names a folder with safetensors files, one such file, an index file, or a folder of the Hugging Face cache. An adapter (LoRA and
/// its relatives) is opened as the model that it makes of its base. A model keeps its files open for as long as it lives. Threads may share it.
public struct Model: Sendable {
  /// The path as it was given.
  public let path: String
  /// The weights with their roles.
  package let anatomy: Anatomy

  /// Opens the model at `path`. `base` is the path of an adapter's base; nil for the one that its configuration names.
  ///
  /// Reads headers and configuration only: O(header bytes). Throws ``UnmaskError`` when nothing has the path, when it is no model that can be
  /// read, when the system fails to read it, or when `base` is given for a model that is no adapter.
  public init(_ path: String, base: String? = nil) throws(UnmaskError) {
    let anatomy = try ModelOpening.open(path, base: base)
    if base != nil, anatomy.adapter == nil { throw UnmaskError(.usage, .baseWithoutAdapter([path])) }
    self.init(path, anatomy)
  }

  package init(_ path: String, _ anatomy: Anatomy) { (self.path, self.anatomy) = (path, anatomy) }

  /// What lies at `path` by itself: for an adapter its own tensors, not the model that it makes. For ``inspect(_:contentHash:statistics:threads:progress:cancellation:)``.
  public init(asStored path: String) throws(UnmaskError) {
    self.init(path, ModelReading.anatomy(of: try ModelOpening.checkpoint(path)))
  }

  /// The name that people know it by: the last part of the path, or `organisation/name` in a Hugging Face cache.
  public var name: String { anatomy.checkpoint.name }

  /// The paths of the files with its weights, those of an adapter's base included.
  public var files: [String] { anatomy.files }

  /// Opens a candidate and a foundation at the same time; `base` is that of whichever is an adapter.
  package static func pair(
    candidate: String, foundation: String, base: String?, threads: Int?
  ) throws(UnmaskError) -> (candidate: Model, foundation: Model) {
    let pair = try ModelOpening.open(candidate, foundation, base: base, workers: RunSettings(threads: threads).workers)
    return (Model(candidate, pair.0), Model(foundation, pair.1))
  }
}
