package import TensorFiles

/// What a safetensors file says of itself: its tensors and its metadata.
///
/// ```swift
/// let header = try Header.parse(bytes, fileSize: bytes.byteCount)
/// for tensor in header.tensors { print(tensor.name, tensor.storage.name, tensor.shape, tensor.byteRange) }
/// header.metadata.first { $0.key == "format" }?.value  // "pt"
/// ```
///
/// A header that parses describes every byte of its file: tensors in data order touch one another, the first begins where
/// the header ends, the last ends where the file does. Source: safetensors 0.8.0.
package struct Header: Sendable {
  /// The most bytes that a header may have.
  package static let limit = 100_000_000

  /// The tensors, in data order (empty ones before one that begins at the same byte).
  package let tensors: [Tensor]
  /// The text pairs of `__metadata__`, in the order of the file; of a repeated key the last value.
  package let metadata: [(key: String, value: String)]
  /// The byte at which tensor data begin; `data_offsets` count from it.
  package let dataStart: Int
  /// What is unusual but allowed, a sentence each.
  package let warnings: [String]
}
