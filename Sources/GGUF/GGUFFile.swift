package import JSON
package import ReadingFacts
package import TensorFiles

/// One GGUF file: its description, read and checked, and its bytes.
///
/// ```swift
/// let file = try GGUFFile(FileBytes(path: "model-Q4_K_M.gguf"))
/// file.tensors[0].storage.name                  // "Q4_K"
/// file.configuration?["hidden_size"]?.integer   // 4096
/// ```
///
/// Blocks are decoded by `Quantisation/BlockType`.
package final class GGUFFile: TensorFile {
  /// The bytes at the start of every file.
  package static let magic = Array("GGUF".utf8)

  /// The bytes.
  package let bytes: FileBytes
  /// Keys, values and tensors.
  package let description: GGUFDescription
  /// Keys and values as texts, without those that are too long to be kept.
  package let metadata: [(key: String, value: String)]
  /// The model's sizes with the keys of Hugging Face's `config.json`; nil if the file does not name an architecture.
  package let configuration: JSONValue?

  /// The tensors, in data order.
  package var tensors: [Tensor] { description.tensors }
  /// Unusual properties.
  package var warnings: [FileFact] { description.warnings }
  /// The byte at which the description ends.
  package var descriptionEnd: Int { description.end }

  /// Reads the description of a file; if the file is remote, the description is fetched first. Reads no tensor. O(description).
  package init(_ bytes: FileBytes) throws(CheckpointError) {
    do { description = try GGUFDescription(of: bytes) } catch {
      // If bytes were lost during reading, the description is not the cause.
      try bytes.checkUnchanged()
      throw CheckpointError(error, file: bytes.path)
    }
    try bytes.checkUnchanged()
    self.bytes = bytes
    metadata = description.values.compactMap { pair in
      if case .long = pair.value { nil } else { (pair.key, pair.value.words) }
    }
    configuration = description.configuration
  }
}
