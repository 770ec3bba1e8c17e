public import ElementTypes

/// What a safetensors file says of itself: its tensors and its metadata.
///
/// ```swift
/// let header = try Header.parse(bytes, fileSize: bytes.byteCount)
/// for tensor in header.tensors { print(tensor.name, tensor.type, tensor.shape, tensor.byteRange) }
/// header.metadata.first { $0.key == "format" }?.value  // "pt"
/// ```
///
/// A header that parses describes every byte of its file: tensors in data order touch one another, the first begins where
/// the header ends, the last ends where the file does. Source: safetensors 0.8.0.
public struct Header: Sendable {
  /// One tensor of a file.
  public struct Tensor: Sendable {
    /// Its name.
    public let name: TensorName
    /// How its numbers are stored.
    public let type: ElementType
    /// Its dimensions, the last varying fastest; empty for a scalar. One of them may exceed `Int.max` when another is 0.
    public let shape: [UInt64]
    /// The product of the shape.
    public let elementCount: Int
    /// Its bytes, counted from the start of the file; need not be aligned.
    public let byteRange: Range<Int>
  }

  /// The most bytes that a header may have.
  public static let limit = 100_000_000

  /// The tensors, in data order (empty ones before one that begins at the same byte).
  public let tensors: [Tensor]
  /// The text pairs of `__metadata__`, in the order of the file; of a repeated key the last value.
  public let metadata: [(key: String, value: String)]
  /// The byte at which tensor data begin; `data_offsets` count from it.
  public let dataStart: Int
  /// What is unusual but allowed, a sentence each.
  public let warnings: [String]
}
