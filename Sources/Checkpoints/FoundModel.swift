package import TensorFiles

/// A model that was found somewhere below a folder and is not yet opened.
///
/// ```swift
/// for found in try Checkpoint.find(below: "models") {
///   print(found.path, found.kind)
///   let checkpoint = try found.open()
/// }
/// ```
package struct FoundModel: Sendable, Equatable {
  /// The form in which it is stored, as far as file names show.
  package enum Kind: Sendable, Equatable {
    /// A folder with one file, or with shards and an index.
    case folder
    /// A single file, or the first part of a split one.
    case file
    /// A repository in a Hugging Face cache.
    case hubCache
    /// A PEFT adapter.
    case adapter
    /// A model whose index is missing, or a folder that could not be read; opening throws.
    case broken
    /// A folder with weights in another format and without a complete safetensors model; opening throws.
    case otherFormat
  }

  /// The argument for `Checkpoint.open`.
  package let path: String
  /// The form in which it is stored, as far as file names show.
  package let kind: Kind
  /// The error that prevented the search of a folder, nil for models.
  package let error: CheckpointError?
  /// The name of the format for `.otherFormat` ("ONNX"); nil for the other kinds.
  package let format: String?
  /// The name of the model, if its place has no telling one: a model of ollama (`llama3.2:1b`).
  package let name: String?

  init(_ path: String, _ kind: Kind, error: CheckpointError? = nil, format: String? = nil, name: String? = nil) {
    self.path = path
    self.kind = kind
    self.error = error
    self.format = format
    self.name = name
  }

  /// Opens the model; throws `error` when there is one.
  package func open() throws(CheckpointError) -> Checkpoint {
    if let error { throw error }
    let checkpoint = try Checkpoint.open(path)
    return name.map { checkpoint.called($0, path: path) } ?? checkpoint
  }
}
