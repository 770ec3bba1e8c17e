package import TensorFiles
internal import Threads

extension Checkpoint {
  /// SHA-256 of what the model is, as 64 hexadecimal digits: of names, types, shapes and bytes in the order of names, so
  /// the same for other shards, header orders, paddings and metadata.
  ///
  /// Of each tensor, in the order of its name's bytes, it takes: the name's length and bytes, the type name's length and
  /// bytes, the rank, the dimensions, and the SHA-256 of its bytes; numbers as 64 bits, little-endian. Reads every byte of
  /// the model, `threads` tensors at a time, with the same result whatever their number. `progress` is called from any
  /// thread with the bytes done by each step.
  package func contentHash(threads: Int, progress: @Sendable (Int) -> Void = { _ in }) throws(CheckpointError) -> String {
    let digests = try digests(threads: threads, progress: progress)
    var hash = try SHA256()
    for (tensor, digest) in zip(tensors, digests) {
      hash.update(text: tensor.name.string)
      hash.update(text: tensor.storage.name)
      hash.update(number: UInt64(tensor.shape.count))
      for dimension in tensor.shape { hash.update(number: dimension) }
      hash.update(digest)
    }
    return SHA256.hexadecimal(hash.finish())
  }

  /// SHA-256 of one tensor's bytes, 32 bytes. O(bytes of the tensor).
  package func digest(of tensor: Tensor) throws(CheckpointError) -> [UInt8] { try digest(of: tensor, progress: { _ in }) }

  /// The digests of all tensors, in order; the largest are begun first, so that no thread is left with one at the end.
  private func digests(threads: Int, progress: @Sendable (Int) -> Void) throws(CheckpointError) -> [[UInt8]] {
    // Whether the library is there is found out before the work begins.
    _ = try SHA256()
    let order = tensors.indices.sorted { (tensors[$1].byteCount, $0) < (tensors[$0].byteCount, $1) }
    let found = Workers(threads: max(1, threads)).map(order.count) { turn in
      Result { () throws(CheckpointError) in try digest(of: tensors[order[turn]], progress: progress) }
    }
    var digests = [[UInt8]](repeating: [], count: tensors.count)
    for (tensor, digest) in zip(order, found) { digests[tensor] = try digest.get() }
    return digests
  }

  private func digest(of tensor: Tensor, progress: (Int) -> Void) throws(CheckpointError) -> [UInt8] {
    // Steps keep the progress lively and the resident part of the mapping small.
    let step = 4 << 20
    var hash = try SHA256()
    var start = 0
    while start < tensor.byteCount {
      let range = start..<min(start + step, tensor.byteCount)
      try ensure(tensor, in: range)
      populate(tensor, in: range)
      withBytes(of: tensor, in: range) { hash.update($0) }
      release(tensor, in: range)
      progress(range.count)
      start = range.upperBound
    }
    return hash.finish()
  }
}
