package import JSON

/// A file of tensors, whatever its format is and wherever its bytes are.
///
/// ```swift
/// let file: any TensorFile = try SafetensorsFile(path: "model.safetensors")
/// for tensor in file.tensors { print(tensor.name, tensor.storage.name, tensor.shape) }
/// try file.bytes.ensure([file.tensors[0].byteRange])
/// file.bytes.withBytes(in: file.tensors[0].byteRange) { bytes in bytes.byteCount }
/// ```
///
/// A type of this protocol is a format: it knows how a file describes its tensors, and has checked that description when it
/// exists. How the bytes come into memory is the business of ``FileBytes``, which is the same for all formats: so each format
/// works for mapped files, for files that are read in blocks, and for files that are filled by ranges from elsewhere. To add a
/// format, write such a type and enter it in the list of `Checkpoints/TensorFormat.swift`.
///
/// Inner formats fit too: the tensors of an archive are ranges of the archive's bytes, and dimensions that a format stores the
/// other way round are turned by its reader.
package protocol TensorFile: Sendable {
  /// Its bytes, by which it also has its path.
  var bytes: FileBytes { get }
  /// Its tensors, in the order of the file. Each tensor is inside `bytes`, and its `file` is 0.
  var tensors: [Tensor] { get }
  /// Texts that its writer put into it, in the order of the file; no key is there twice.
  var metadata: [(key: String, value: String)] { get }
  /// What the file itself says of the model, with the keys of Hugging Face's `config.json`; nil where the format has no room for
  /// it.
  var configuration: JSONValue? { get }
  /// What is unusual but does not keep the file from being read, one printable line each.
  var warnings: [String] { get }
  /// The byte behind the description of the tensors: what has to be read before any tensor is known.
  var descriptionEnd: Int { get }
}

extension TensorFile {
  /// The path or address as it was given.
  package var path: String { bytes.path }
  /// Length in bytes.
  package var size: Int { bytes.size }
  /// None.
  package var configuration: JSONValue? { nil }
}
