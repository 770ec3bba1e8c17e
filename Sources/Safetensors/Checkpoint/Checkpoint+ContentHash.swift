internal import Crypto
internal import ElementTypes
internal import Synchronization

#if canImport(Dispatch)
  internal import Dispatch
#endif

extension Checkpoint {
  /// SHA-256 of what the model is, as 64 hexadecimal digits: of names, types, shapes and bytes in the order of names, so
  /// the same for other shards, header orders, paddings and metadata.
  ///
  /// Of each tensor, in the order of its name's bytes, it takes: the name's length and bytes, the type name's length and
  /// bytes, the rank, the dimensions, and the SHA-256 of its bytes; numbers as 64 bits, little-endian. Reads every byte of
  /// the model, `threads` tensors at a time, with the same result whatever their number. `progress` is called from any
  /// thread with the bytes done by each step.
  public func contentHash(threads: Int, progress: @Sendable (Int) -> Void = { _ in }) -> String {
    let digests = digests(threads: threads, progress: progress)
    var hash = SHA256()
    for (tensor, digest) in zip(tensors, digests) {
      hash.update(text: tensor.name.string)
      hash.update(text: tensor.type.name)
      hash.update(number: UInt64(tensor.shape.count))
      for dimension in tensor.shape { hash.update(number: dimension) }
      hash.update(data: digest)
    }
    return hash.finalize().map { Self.hexadecimal($0) }.joined()
  }

  /// SHA-256 of one tensor's bytes, 32 bytes. O(bytes of the tensor).
  public func digest(of tensor: Tensor) -> [UInt8] { digest(of: tensor, progress: { _ in }) }

  /// The digests of all tensors, in order; the largest are begun first, so that no thread is left with one at the end.
  private func digests(threads: Int, progress: @Sendable (Int) -> Void) -> [[UInt8]] {
    let order = tensors.indices.sorted { (tensors[$1].byteCount, $0) < (tensors[$0].byteCount, $1) }
    let next = Atomic<Int>(0)
    let digests = Mutex([[UInt8]](repeating: [], count: tensors.count))
    DispatchQueue.concurrentPerform(iterations: max(1, min(threads, tensors.count))) { _ in
      while true {
        let turn = next.add(1, ordering: .relaxed).oldValue
        guard turn < order.count else { return }
        let digest = digest(of: tensors[order[turn]], progress: progress)
        digests.withLock { $0[order[turn]] = digest }
      }
    }
    return digests.withLock { $0 }
  }

  private func digest(of tensor: Tensor, progress: (Int) -> Void) -> [UInt8] {
    // Steps keep the progress lively and the resident part of the mapping small.
    let step = 4 << 20
    var hash = SHA256()
    var start = 0
    while start < tensor.byteCount {
      let range = start..<min(start + step, tensor.byteCount)
      populate(tensor, in: range)
      withBytes(of: tensor, in: range) { bytes in
        // The buffer is used during the call only, and the bytes stay mapped for that long.
        unsafe bytes.withUnsafeBytes { buffer in unsafe hash.update(bufferPointer: buffer) }
      }
      release(tensor, in: range)
      progress(range.count)
      start = range.upperBound
    }
    return Array(hash.finalize())
  }

  private static func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

extension SHA256 {
  fileprivate mutating func update(number: UInt64) {
    update(data: (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) })
  }

  fileprivate mutating func update(text: String) {
    update(number: UInt64(text.utf8.count))
    update(data: Array(text.utf8))
  }
}
