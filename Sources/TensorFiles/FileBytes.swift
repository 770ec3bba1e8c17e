package import MemoryMapping
internal import Synchronization

/// The bytes of one file as memory, all of them on this machine, or fetched by ranges when they are asked for.
///
/// ```swift
/// let bytes = try FileBytes(path: "model.safetensors")
/// try bytes.ensure([0..<8])
/// let length = bytes.withBytes(in: 0..<8) { UInt64(littleEndian: $0.unsafeLoadUnaligned(as: UInt64.self)) }
/// ```
///
/// A file of this machine is mapped, and all of it is there: `ensure` has nothing to do. A file that is elsewhere is a local file
/// of the same length, which is mapped like any other and filled by `ensure`: bytes that were not ensured are whatever the local
/// file has there (zeros, where it is sparse). So a caller says what it will read before it reads. Threads may share it.
package final class FileBytes: Sendable {
  /// Brings ranges of a file, ascending and apart from each other, into the local file that is mapped.
  package typealias Fill = @Sendable (_ missing: [Range<Int>]) throws(CheckpointError) -> Void

  /// The path or address as it was given.
  package let path: String
  /// A text that changes when the file's content changes, as far as its host tells: the time of the last change for a file of
  /// this machine.
  package let version: String

  @usableFromInline let mapping: MappedFile
  private let fill: Fill?
  private let present = Mutex(RangeSet<Int>())
  private let failure = Mutex<CheckpointError?>(nil)

  /// A file of this machine. Reads nothing. Throws `.noSuchFile`, `.invalid` for what is no file, `.io`.
  package convenience init(path: String) throws(CheckpointError) {
    do { self.init(try MappedFile(path: path)) } catch { throw CheckpointError(error) }
  }

  /// A mapped file of which every byte is there.
  package convenience init(_ mapping: MappedFile) {
    self.init(mapping, path: mapping.path, version: "\(mapping.modificationTime)", fill: nil)
  }

  /// A file that is filled by ranges: `mapping` is of the local file that `fill` writes to (see `MappedFile(filledHere:)`),
  /// `path` the address that errors name, `version` what its host says of its content (an ETag, a commit).
  ///
  /// `fill` is called by any thread, and by several at once. It is called again for bytes that it brought before only when two
  /// threads ask for them at the same time.
  package convenience init(_ mapping: MappedFile, address path: String, version: String, fill: @escaping Fill) {
    self.init(mapping, path: path, version: version, fill: fill)
  }

  private init(_ mapping: MappedFile, path: String, version: String, fill: Fill?) {
    self.mapping = mapping
    self.path = path
    self.version = version
    self.fill = fill
  }

  /// Length in bytes.
  package var size: Int { mapping.size }
  /// True when every byte is on this machine, and `ensure` has nothing to do.
  package var isLocal: Bool { fill == nil }

  /// Makes sure that the bytes of these ranges can be read: returns at once for a local file, else fetches what is missing of
  /// them.
  ///
  /// The ranges have to be inside the file; their order does not matter, and they may overlap. Throws what fetching throws.
  package func ensure(_ ranges: [Range<Int>]) throws(CheckpointError) {
    guard let fill else { return }
    var missing = RangeSet<Int>()
    for range in ranges {
      precondition(range.lowerBound >= 0 && range.upperBound <= size, "bytes \(range) of a file of \(size) bytes")
      missing.insert(contentsOf: range)
    }
    missing = present.withLock { missing.subtracting($0) }
    guard !missing.isEmpty else { return }
    try fill(Array(missing.ranges))
    present.withLock { $0.formUnion(missing) }
  }

  /// As `ensure`, for callers in the middle of a computation that cannot fail: what could not be fetched reads as anything, and
  /// `checkUnchanged` throws why.
  package func fetch(_ ranges: [Range<Int>]) {
    do { try ensure(ranges) } catch { failure.withLock { $0 = $0 ?? error } }
  }

  /// Why bytes are missing that were asked for, nil when none are.
  var fetchFailure: CheckpointError? { failure.withLock(\.self) }

  /// Calls `body` with the bytes of `range`, which must be inside the file; the span is valid only during the call and may be
  /// unaligned.
  ///
  /// O(1), and a page fault for each page not yet resident that `body` touches.
  @inlinable
  package func withBytes<Result, Failure: Error>(
    in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mapping.withBytes(in: range, body)
  }
}
