import Checkpoints
package import ModelAnatomy
import RoleInference

/// An opened model on disk: its headers are read and checked, its weights are not read yet.
///
/// ```swift
/// let model = try Model("models/aurora-chat")
/// print(model.name, model.files.count)
/// ```
///
/// The path names a folder with safetensors files, one such file, an index file, or a folder of the Hugging Face cache. An
/// adapter (LoRA and similar) is opened as the model that results from applying it to its base. A model keeps its files open
/// during its lifetime. Threads may share it.
public struct Model: Sendable {
  /// The path as it was given.
  public let path: String
  /// The weights with their roles.
  package let anatomy: Anatomy

  /// Opens the model at `path`. `base` is the path of an adapter's base; nil for the base that its configuration names.
  ///
  /// Reads headers and configuration only: O(header bytes). Throws ``UnmaskError`` when the path does not exist, when it is not a
  /// readable model, when the system fails to read it, or when `base` is given for a model that is not an adapter.
  public init(_ path: String, base: String? = nil) throws(UnmaskError) {
    let anatomy = try ModelOpening.open(path, base: base)
    if base != nil, anatomy.adapter == nil { throw UnmaskError(.usage, .baseWithoutAdapter([path])) }
    self.init(path, anatomy)
  }

  package init(_ path: String, _ anatomy: Anatomy) { (self.path, self.anatomy) = (path, anatomy) }

  /// The tensors stored at `path`: for an adapter its factors, not the model that results from applying it. For
  /// ``inspect(_:contentHash:statistics:threads:progress:cancellation:)``.
  public init(asStored path: String) throws(UnmaskError) {
    self.init(path, ModelReading.anatomy(of: try ModelOpening.checkpoint(path)))
  }

  /// The usual name of the model: the last part of the path, or `organisation/name` in a Hugging Face cache.
  public var name: String { anatomy.checkpoint.name }

  /// Whether every byte of its files is on this machine; false for a model that was given by an address.
  public var isLocal: Bool { anatomy.isLocal }

  /// The paths of the files with its weights, including the files of an adapter's base.
  public var files: [String] { anatomy.files }

  /// Opens a candidate and a foundation at the same time; `base` is the path of the base, when one of the two is an adapter.
  package static func pair(
    candidate: String, foundation: String, base: String?, threads: Int?
  ) throws(UnmaskError) -> (candidate: Model, foundation: Model) {
    let pair = try ModelOpening.open(candidate, foundation, base: base, workers: RunSettings(threads: threads).workers)
    return (Model(candidate, pair.0), Model(foundation, pair.1))
  }
}
