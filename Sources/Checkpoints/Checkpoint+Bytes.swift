package import TensorFiles

extension Checkpoint {
  /// All elements of `tensor`, or those in `elements`, counted from its first; nil when they do not begin and end at a byte or
  /// block boundary. `tensor` must belong to this checkpoint. O(1).
  package func slice(of tensor: Tensor, elements: Range<Int>? = nil) -> TensorSlice? {
    TensorSlice(of: tensor, in: shards[tensor.file].bytes, elements: elements)
  }

  /// True when every byte is on this machine, so that no call of `ensure` is needed before reading. O(files).
  package var isLocal: Bool { shards.allSatisfy(\.bytes.isLocal) }

  /// Names of the contents of its files, in the order of their names; nil where a host does not give SHA-256 of every file. Two models
  /// with equal names have equal files. O(files · log files).
  package var contentNames: [String]? {
    let names = shards.map(\.bytes.version).filter { $0.hasPrefix("sha256-") }
    return names.count == shards.count && !names.isEmpty ? names.sorted() : nil
  }

  /// Makes sure that a tensor's bytes, or those of `range`, can be read; see ``TensorFiles/FileBytes/ensure(_:)``.
  package func ensure(_ tensor: Tensor, in range: Range<Int>? = nil) throws(CheckpointError) {
    try shards[tensor.file].bytes.ensure([absolute(range, of: tensor)])
  }

  /// Calls `body` with a tensor's bytes, or those of `range`, counted from its first; the span is valid only during the call
  /// and may be unaligned. An empty tensor gives an empty span.
  ///
  /// `tensor` must belong to this checkpoint, and `range` must be inside it. O(1); the pages that `body` accesses are read.
  package func withBytes<Result, Failure: Error>(
    of tensor: Tensor, in range: Range<Int>? = nil, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[tensor.file].bytes.withBytes(in: absolute(range, of: tensor), body)
  }

  /// The bytes of a tensor by its `file` and `byteRange`. For callers that read a block so quickly that reference counting for
  /// a whole `Tensor` would be measurable.
  package func withBytes<Result, Failure: Error>(
    file: Int, in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[file].bytes.withBytes(in: range, body)
  }

  /// Tells the system that a tensor, or `range` of its bytes, will be read soon. One system call, returns at once.
  package func willNeed(_ tensor: Tensor, in range: Range<Int>? = nil) {
    shards[tensor.file].bytes.willNeed(absolute(range, of: tensor))
  }

  /// Maps the pages of a tensor, or of `range` of its bytes, in one system call instead of one page fault each; takes as long
  /// as reading them. Returns false if the kernel does not support it.
  @discardableResult
  package func populate(_ tensor: Tensor, in range: Range<Int>? = nil) -> Bool {
    shards[tensor.file].bytes.populate(absolute(range, of: tensor))
  }

  /// Releases the resident pages that are completely inside a tensor, or `range` of its bytes. One system call.
  package func release(_ tensor: Tensor, in range: Range<Int>? = nil) {
    shards[tensor.file].bytes.release(absolute(range, of: tensor))
  }

  /// Whether most of the weights are in the page cache, estimated from 64 pages. 64 system calls.
  package var isLargelyResident: Bool {
    let files = shards.filter { $0.size > 0 }
    let probes = files.flatMap { file in
      let count = max(1, 64 / files.count)
      return (0..<count).map { file.bytes.isResident(at: file.size / count * $0 + file.size / count / 2) }
    }
    return probes.count { $0 } * 10 >= probes.count * 9
  }

  /// Tells the system that all files are read sequentially. One system call per file.
  package func sequential() { for shard in shards { shard.bytes.sequential() } }

  /// Throws `.io` when a file has been changed, truncated or lost to a failing disk since it was opened. Also throws when bytes
  /// could not be fetched. Then the data read from the file are invalid. Call it after the last byte of a result was read, and
  /// before the result is reported.
  ///
  /// One system call per file.
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
