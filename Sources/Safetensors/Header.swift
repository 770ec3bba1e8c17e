package import ReadingFacts
package import TensorFiles

/// The header of a safetensors file: its tensors and its metadata.
///
/// ```swift
/// let header = try Header.parse(bytes, fileSize: bytes.byteCount)
/// for tensor in header.tensors { print(tensor.name, tensor.storage.name, tensor.shape, tensor.byteRange) }
/// header.metadata.first { $0.key == "format" }?.value  // "pt"
/// ```
///
/// A valid header describes every byte of its file: tensors in data order are adjacent, the first begins at the end of the
/// header, and the last ends at the end of the file. Source: safetensors 0.8.0.
package struct Header: Sendable {
  /// The maximum size of a header in bytes.
  package static let limit = 100_000_000

  /// The tensors, in data order (empty ones before one that begins at the same byte).
  package let tensors: [Tensor]
  /// The text pairs of `__metadata__`, in the order of the file; for a repeated key, the last value.
  package let metadata: [(key: String, value: String)]
  /// The byte at which tensor data begin; `data_offsets` count from it.
  package let dataStart: Int
  /// Unusual but allowed properties, one sentence each.
  package let warnings: [FileFact]
}
