package import ReadingFacts
package import TensorFiles

/// One file of `torch.save`: its description, read and checked, and its bytes.
///
/// ```swift
/// let file = try PyTorchFile(FileBytes(path: "pytorch_model.bin"))
/// file.tensors[0].name  // model.embed_tokens.weight
/// ```
///
/// Nothing in the file is executed: see `PickleMachine`.
package final class PyTorchFile: TensorFile {
  /// The bytes at the start of every file.
  package static let magic = ZipArchive.magic

  /// The bytes.
  package let bytes: FileBytes
  /// The tensors.
  package let description: PyTorchDescription

  /// The tensors, in data order.
  package var tensors: [Tensor] { description.tensors }
  /// No texts: the format has none.
  package var metadata: [(key: String, value: String)] { [] }
  /// Unusual properties.
  package var warnings: [FileFact] { description.warnings }
  /// The byte at which the description of the tensors ends.
  package var descriptionEnd: Int { description.end }

  /// Reads the description of a file; if the file is remote, the description is fetched first. Reads no tensor.
  /// O(bytes of the description).
  package init(_ bytes: FileBytes) throws(CheckpointError) {
    do { description = try PyTorchDescription(of: bytes) } catch {
      // If bytes were lost during reading, the description is not the cause.
      try bytes.checkUnchanged()
      throw CheckpointError(error, file: bytes.path)
    }
    try bytes.checkUnchanged()
    self.bytes = bytes
  }
}
