package import TensorFiles

extension Checkpoint {
  /// The elements of `tensor`, or of `elements` counted from its first; nil when they do not begin and end between two bytes or
  /// two blocks. `tensor` must be one of this checkpoint's. O(1).
  package func slice(of tensor: Tensor, elements: Range<Int>? = nil) -> TensorSlice? {
    TensorSlice(of: tensor, in: shards[tensor.file].bytes, elements: elements)
  }

  /// True when every byte is on this machine, so that nothing has to be ensured before it is read. O(files).
  package var isLocal: Bool { shards.allSatisfy(\.bytes.isLocal) }

  /// Makes sure that a tensor's bytes, or those of `range`, can be read; see ``TensorFiles/FileBytes/ensure(_:)``.
  package func ensure(_ tensor: Tensor, in range: Range<Int>? = nil) throws(CheckpointError) {
    try shards[tensor.file].bytes.ensure([absolute(range, of: tensor)])
  }

  /// Calls `body` with a tensor's bytes, or those of `range` counted from its first; the span is valid only in the call
  /// and may be unaligned. An empty tensor gives an empty span.
  ///
  /// `tensor` must be one of this checkpoint's, `range` inside it. O(1), and the pages that `body` touches are read.
  package func withBytes<Result, Failure: Error>(
    of tensor: Tensor, in range: Range<Int>? = nil, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[tensor.file].bytes.withBytes(in: absolute(range, of: tensor), body)
  }

  /// The bytes of a tensor by its `file` and `byteRange`, for callers that read a block so quickly that counting the references
  /// of a whole `Tensor` would show.
  package func withBytes<Result, Failure: Error>(
    file: Int, in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[file].bytes.withBytes(in: range, body)
  }

  /// Says that a tensor, or `range` of its bytes, is read soon. One system call, returns at once.
  package func willNeed(_ tensor: Tensor, in range: Range<Int>? = nil) {
    shards[tensor.file].bytes.willNeed(absolute(range, of: tensor))
  }

  /// Maps the pages of a tensor, or of `range` of its bytes, in one system call instead of a fault for each; lasts as long
  /// as reading them. Returns false where the kernel cannot.
  @discardableResult
  package func populate(_ tensor: Tensor, in range: Range<Int>? = nil) -> Bool {
    shards[tensor.file].bytes.populate(absolute(range, of: tensor))
  }

  /// Gives back the resident pages wholly inside a tensor, or `range` of its bytes. One system call.
  package func release(_ tensor: Tensor, in range: Range<Int>? = nil) {
    shards[tensor.file].bytes.release(absolute(range, of: tensor))
  }

  /// Whether most of the weights are in the page cache, as far as 64 pages tell. 64 system calls.
  package var isLargelyResident: Bool {
    let files = shards.filter { $0.size > 0 }
    let probes = files.flatMap { file in
      let count = max(1, 64 / files.count)
      return (0..<count).map { file.bytes.isResident(at: file.size / count * $0 + file.size / count / 2) }
    }
    return probes.count { $0 } * 10 >= probes.count * 9
  }

  /// Says that all files are read from front to back. One system call a file.
  package func sequential() { for shard in shards { shard.bytes.sequential() } }

  /// Throws when a file has been changed, cut or lost to a failing disk since it was opened (`.io`), or bytes of it could not be
  /// fetched: then what was read from it does not count. Call it after the last byte of a result was read, and before the result
  /// is reported.
  ///
  /// One system call a file.
  package func checkUnchanged() throws(CheckpointError) {
    for shard in shards { try shard.bytes.checkUnchanged() }
  }

  private func absolute(_ range: Range<Int>?, of tensor: Tensor) -> Range<Int> {
    guard let range else { return tensor.byteRange }
    precondition(
      range.lowerBound >= 0 && range.upperBound <= tensor.byteCount, "bytes \(range) of a tensor of \(tensor.byteCount) bytes")
    return tensor.byteRange.lowerBound + range.lowerBound..<tensor.byteRange.lowerBound + range.upperBound
  }
}
