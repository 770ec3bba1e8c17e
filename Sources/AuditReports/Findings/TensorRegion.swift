import Checkpoints
import TensorFiles

/// Bytes of a file that hold tensors which follow each other.
package struct TensorRegion: Sendable, Equatable {
  /// The index of the file in its model.
  package let file: Int
  /// The first byte, counted from the start of the file, and the number of bytes.
  package let offset: Int
  package let length: Int
  /// Number of tensors.
  package let tensors: Int

  /// The longest runs of chosen tensors with no other tensor between them, by file and position. Padding between two of them is included.
  /// O(tensors · log tensors).
  static func runs(of checkpoint: Checkpoint, where isChosen: (Tensor) -> Bool = { _ in true }) -> [TensorRegion] {
    let order = checkpoint.tensors.indices.filter { checkpoint.tensors[$0].byteCount > 0 }.sorted {
      let (a, b) = (checkpoint.tensors[$0], checkpoint.tensors[$1])
      return (a.file, a.byteRange.lowerBound, a.byteRange.upperBound, $0) < (
        b.file, b.byteRange.lowerBound, b.byteRange.upperBound, $1
      )
    }
    var runs: [TensorRegion] = []
    var isOpen = false
    for index in order {
      let tensor = checkpoint.tensors[index]
      guard isChosen(tensor) else {
        isOpen = false
        continue
      }
      if isOpen, let last = runs.last, last.file == tensor.file {
        // Two tensors may share bytes.
        let end = max(last.offset + last.length, tensor.byteRange.upperBound)
        runs[runs.count - 1] = TensorRegion(
          file: last.file, offset: last.offset, length: end - last.offset, tensors: last.tensors + 1)
      } else {
        runs.append(
          TensorRegion(file: tensor.file, offset: tensor.byteRange.lowerBound, length: tensor.byteCount, tensors: 1))
      }
      isOpen = true
    }
    return runs
  }
}
