internal import MemoryMapping

extension Checkpoint {
  /// Calls `body` with a tensor's bytes, or those of `range` counted from its first; the span is valid only in the call
  /// and may be unaligned. An empty tensor gives an empty span.
  ///
  /// `tensor` must be one of this checkpoint's, `range` inside it. O(1), and the pages that `body` touches are read.
  public func withBytes<Result, Failure: Error>(
    of tensor: Tensor, in range: Range<Int>? = nil, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[tensor.file].mapping.withBytes(in: absolute(range, of: tensor), body)
  }

  /// The same by a tensor's `file` and `byteRange`: for who reads a block so quickly that to count the references of a whole
  /// `Tensor` would show.
  public func withBytes<Result, Failure: Error>(
    file: Int, in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try shards[file].mapping.withBytes(in: range, body)
  }

  /// Says that a tensor, or `range` of its bytes, is read soon. One system call, returns at once.
  public func willNeed(_ tensor: Tensor, in range: Range<Int>? = nil) {
    shards[tensor.file].mapping.willNeed(absolute(range, of: tensor))
  }

  /// Maps the pages of a tensor, or of `range` of its bytes, in one system call instead of a fault for each; lasts as long
  /// as reading them. Returns false where the kernel cannot.
  @discardableResult
  public func populate(_ tensor: Tensor, in range: Range<Int>? = nil) -> Bool {
    shards[tensor.file].mapping.populate(absolute(range, of: tensor))
  }

  /// Gives back the resident pages wholly inside a tensor, or `range` of its bytes. One system call.
  public func release(_ tensor: Tensor, in range: Range<Int>? = nil) {
    shards[tensor.file].mapping.release(absolute(range, of: tensor))
  }

  /// Whether most of the weights are in the page cache, as far as 64 pages tell. 64 system calls.
  public var isLargelyResident: Bool {
    let files = shards.filter { $0.size > 0 }
    let probes = files.flatMap { file in
      let count = max(1, 64 / files.count)
      return (0..<count).map { file.mapping.isResident(at: file.size / count * $0 + file.size / count / 2) }
    }
    return probes.count { $0 } * 10 >= probes.count * 9
  }

  /// Says that all files are read from front to back. One system call a file.
  public func sequential() { for shard in shards { shard.mapping.sequential() } }

  /// Throws `.io` when a file has been changed, cut or lost to a failing disk since it was opened: what was read from it until now
  /// does not count. To be asked after the last byte of a result was read, and before the result is told.
  ///
  /// One system call a file.
  public func checkUnchanged() throws(CheckpointError) {
    for shard in shards { try shard.mapping.checkUnchanged() }
  }

  private func absolute(_ range: Range<Int>?, of tensor: Tensor) -> Range<Int> {
    guard let range else { return tensor.byteRange }
    precondition(
      range.lowerBound >= 0 && range.upperBound <= tensor.byteCount, "bytes \(range) of a tensor of \(tensor.byteCount) bytes")
    return tensor.byteRange.lowerBound + range.lowerBound..<tensor.byteRange.lowerBound + range.upperBound
  }
}

extension MappedFile {
  /// Throws `.io` when the file is no longer what was mapped.
  func checkUnchanged() throws(CheckpointError) {
    guard let change else { return }
    let (problem, place, remedy): (String, Int?, String)
    switch change {
    case .cut(let length):
      (problem, place) = ("was cut from \(size) to \(length) bytes while it was read", length)
      remedy = "run again when nothing writes to it"
    case .written: (problem, place, remedy) = ("was changed while it was read", nil, "run again when nothing writes to it")
    case .unreadable(let offset):
      (problem, place) = ("could not be read to its end", offset)
      remedy = "check its disk or network and try again"
    }
    throw CheckpointError(.io, file: path, byteOffset: place, problem: problem, remedy: remedy)
  }
}
