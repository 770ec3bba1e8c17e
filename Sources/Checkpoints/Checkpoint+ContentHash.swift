internal import Synchronization
package import TensorFiles
internal import Threads

extension Checkpoint {
  /// SHA-256 of the model's content, as 64 hexadecimal digits: of names, types, shapes and bytes in the order of names. It does
  /// not depend on the division into shards, the header order, padding or metadata.
  ///
  /// The hash covers, for each tensor in the order of the bytes of its name: the name's length and bytes, the type name's length
  /// and bytes, the rank, the dimensions, and the SHA-256 of its bytes; numbers as 64 bits, little-endian. Reads every byte of
  /// the model, `threads` tensors at a time; the result does not depend on `threads`. `progress` is called from any
  /// thread with the number of bytes that each step processed.
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

  /// The digests of all tensors, in order. The largest tensors start first, so that no thread has a large one left at the end.
  private func digests(threads: Int, progress: @Sendable (Int) -> Void) throws(CheckpointError) -> [[UInt8]] {
    // Checks that the library is available before the work starts.
    _ = try SHA256()
    let order = tensors.indices.sorted { (tensors[$1].byteCount, $0) < (tensors[$0].byteCount, $1) }
    // After an error the rest is left out: where a host is gone, each of many files would fail after some tries.
    let failure = Mutex<CheckpointError?>(nil)
    let found = Workers(threads: max(1, threads)).map(order.count) { turn in
      Result { () throws(CheckpointError) in
        if let known = failure.withLock(\.self) { throw known }
        do throws(CheckpointError) { return try digest(of: tensors[order[turn]], progress: progress) } catch {
          failure.withLock { $0 = $0 ?? error }
          throw error
        }
      }
    }
    var digests = [[UInt8]](repeating: [], count: tensors.count)
    for (tensor, digest) in zip(order, found) { digests[tensor] = try digest.get() }
    return digests
  }

  private func digest(of tensor: Tensor, progress: (Int) -> Void) throws(CheckpointError) -> [UInt8] {
    // Small steps give frequent progress reports and keep the resident part of the mapping small.
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
