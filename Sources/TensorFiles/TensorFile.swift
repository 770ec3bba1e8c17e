package import JSON
package import ReadingFacts

/// A file of tensors in any format and location.
///
/// ```swift
/// let file: any TensorFile = try SafetensorsFile(path: "model.safetensors")
/// for tensor in file.tensors { print(tensor.name, tensor.storage.name, tensor.shape) }
/// try file.bytes.ensure([file.tensors[0].byteRange])
/// file.bytes.withBytes(in: file.tensors[0].byteRange) { bytes in bytes.byteCount }
/// ```
///
/// Each type that conforms to this protocol implements one format. Its initialiser reads and checks the tensor description.
/// ``FileBytes`` loads the bytes into memory, in the same way for all formats. So each format works for mapped files, for files
/// that are read in blocks, and for remote files that are filled by ranges. To add a format, write such a type and add it to the
/// list in `Checkpoints/TensorFormat.swift`.
///
/// Nested formats are possible too: the tensors of an archive are ranges of the archive's bytes. If a format stores dimensions
/// in reverse order, its reader reverses them.
package protocol TensorFile: Sendable {
  /// Its bytes, which also give its path.
  var bytes: FileBytes { get }
  /// Its tensors, in the order of the file. Each tensor is inside `bytes`, and its `file` is 0.
  var tensors: [Tensor] { get }
  /// Metadata texts from its writer, in the order of the file; keys are unique.
  var metadata: [(key: String, value: String)] { get }
  /// The description of the model inside the file, with the keys of Hugging Face's `config.json`; nil if the format does not
  /// support one.
  var configuration: JSONValue? { get }
  /// Unusual properties that do not prevent reading the file, in the order in which they were found.
  var warnings: [FileFact] { get }
  /// The byte after the tensor description; all bytes before it must be read before any tensor is known.
  var descriptionEnd: Int { get }
}

extension TensorFile {
  /// The path or address as it was given.
  package var path: String { bytes.path }
  /// Length in bytes.
  package var size: Int { bytes.size }
  /// No configuration.
  package var configuration: JSONValue? { nil }
}
