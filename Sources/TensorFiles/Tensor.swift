package import ElementTypes

/// One tensor of a file: its description and the position of its bytes.
///
/// ```swift
/// let head = checkpoint.tensor(named: "lm_head.weight")!
/// head.shape      // [32000, 2048]
/// checkpoint.withBytes(of: head) { bytes in bytes.byteCount }  // 131072000
/// ```
package struct Tensor: Sendable, Hashable {
  /// Its name.
  package let name: TensorName
  /// The storage of its numbers.
  package let storage: StorageType
  /// Its dimensions, the last varying fastest; empty for a scalar. One of them may exceed `Int.max` when another is 0.
  package let shape: [UInt64]
  /// The product of the shape.
  package let elementCount: Int
  /// Its bytes, counted from the start of its file; need not be aligned.
  package let byteRange: Range<Int>
  /// The index of the checkpoint's file that holds it; 0 for the tensors of a single file.
  package private(set) var file = 0

  /// The type of a single number; nil where numbers are stored in blocks.
  package var type: ElementType? { storage.element }
  /// Its size in bytes.
  package var byteCount: Int { byteRange.count }

  /// A tensor from its parts. Format readers create it after they have checked that type, shape and bytes agree
  /// (``StorageType/size(of:)``) and that the bytes are inside the file.
  package init(name: TensorName, storage: StorageType, shape: [UInt64], elementCount: Int, byteRange: Range<Int>) {
    self.name = name
    self.storage = storage
    self.shape = shape
    self.elementCount = elementCount
    self.byteRange = byteRange
  }

  /// This tensor under another name.
  package func called(_ name: TensorName) -> Tensor {
    Tensor(name: name, storage: storage, shape: shape, elementCount: elementCount, byteRange: byteRange).inFile(file)
  }

  /// This tensor as a part of a checkpoint, with the index of its file.
  package func inFile(_ number: Int) -> Tensor {
    var copy = self
    copy.file = number
    return copy
  }
}
