package import ReadingFacts
package import TensorFiles

/// A model's weights: every tensor of one file or of all shards, by name, with access to its bytes.
///
/// ```swift
/// let checkpoint = try Checkpoint.open("models/aurora")
/// for tensor in checkpoint.tensors { print(tensor.name, tensor.storage.name, tensor.shape) }
/// let total = checkpoint.tensors.reduce(0) { $0 + $1.elementCount }
/// for warning in checkpoint.warnings { print(warning) }
/// ```
///
/// The files may have any format and any location (see ``TensorFile``). Opening a checkpoint reads and checks their descriptions;
/// the weights are read only when they are accessed. A checkpoint is a value that threads may share.
package struct Checkpoint: Sendable {
  /// A file of the checkpoint.
  package struct File: Sendable {
    /// Its path.
    package let path: String
    /// Length in bytes.
    package let size: Int
  }

  /// The path as it was given.
  package internal(set) var path: String
  /// The display name: the last part of the path, or `org/name` for a Hugging Face cache folder.
  package internal(set) var name: String
  /// The tensors, sorted by the bytes of their names; names are unique.
  package let tensors: [Tensor]
  /// The metadata of all files, in file order; for a repeated key, the first value.
  package let metadata: [(key: String, value: String)]
  /// Unusual properties that do not prevent reading the model.
  package let warnings: [CheckpointFact]
  /// The description of the model that is stored apart from its weights.
  package let configuration: ModelConfiguration
  let shards: [any TensorFile]
  /// The remote folder that holds its files; nil for a model of this machine. The checkpoint keeps it mounted.
  package private(set) var origin: (any RemoteFolder)?

  /// The same weights under another name, opened by another path.
  func called(_ name: String, path: String) -> Checkpoint {
    var copy = self
    copy.name = name
    copy.path = path
    return copy
  }

  /// The same weights, whose files are in `folder`, by the path or address that was given for them.
  package func of(_ folder: any RemoteFolder, path: String) -> Checkpoint {
    var copy = called(folder.name, path: path)
    copy.origin = folder
    return copy
  }

  /// The files that hold the tensors; `Tensor.file` is an index into this array. O(files).
  package var files: [File] { shards.map { File(path: $0.path, size: $0.size) } }
  /// The bytes of all tensors. O(tensors).
  package var totalBytes: Int { tensors.reduce(0) { $0 + $1.byteCount } }

  /// The tensor with this name, or nil when there is none. O(log tensors).
  package func tensor(named name: TensorName) -> Tensor? {
    var range = tensors.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if tensors[middle].name < name { range = middle + 1..<range.upperBound } else { range = range.lowerBound..<middle }
    }
    guard range.lowerBound < tensors.count, tensors[range.lowerBound].name == name else { return nil }
    return tensors[range.lowerBound]
  }

  /// The tensor with these UTF-8 bytes as its name, nil when there is none. O(log tensors).
  package func tensor(named name: String) -> Tensor? { tensor(named: TensorName(name)) }

  /// The value of a key of `metadata`; keys are compared by bytes. O(pairs).
  package func metadata(_ key: String) -> String? {
    metadata.first { $0.key.utf8.elementsEqual(key.utf8) }?.value
  }
}
