public import TensorFiles

/// A model that lies somewhere below a folder, not yet opened.
///
/// ```swift
/// for found in try Checkpoint.find(below: "models") {
///   print(found.path, found.kind)
///   let checkpoint = try found.open()
/// }
/// ```
public struct FoundModel: Sendable, Equatable {
  /// How it is stored, as far as names tell.
  public enum Kind: Sendable, Equatable {
    /// A folder with one file, or with shards and an index.
    case folder
    /// A safetensors file by itself.
    case file
    /// A repository in a Hugging Face cache.
    case hubCache
    /// A PEFT adapter.
    case adapter
    /// A model whose index is missing, or a folder that could not be read; opening throws.
    case broken
  }

  /// The argument for `Checkpoint.open`.
  public let path: String
  /// How it is stored, as far as names tell.
  public let kind: Kind
  /// What kept a folder from being searched, nil for models.
  public let error: CheckpointError?

  init(_ path: String, _ kind: Kind, error: CheckpointError? = nil) {
    self.path = path
    self.kind = kind
    self.error = error
  }

  /// Opens the model; throws `error` when there is one.
  public func open() throws(CheckpointError) -> Checkpoint {
    if let error { throw error }
    return try Checkpoint.open(path)
  }
}
