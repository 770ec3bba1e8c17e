package import MemoryMapping
internal import Synchronization

/// The bytes of one file as memory: either all on this machine, or fetched by ranges on request.
///
/// ```swift
/// let bytes = try FileBytes(path: "model.safetensors")
/// try bytes.ensure([0..<8])
/// let length = bytes.withBytes(in: 0..<8) { UInt64(littleEndian: $0.unsafeLoadUnaligned(as: UInt64.self)) }
/// ```
///
/// A local file is mapped completely, and `ensure` has nothing to do. For a remote file, a local file of the same length is
/// mapped, and `ensure` fills it. Bytes that were not ensured have the content of the local file (zeros, if it is sparse). So a
/// caller must call `ensure` for a range before it reads the range. Threads may share it.
package final class FileBytes: Sendable {
  /// The path or address as it was given.
  package let path: String
  /// A text that changes when the file's content changes, as far as its host reports it. For a local file it is the time of the
  /// last change.
  package let version: String

  @usableFromInline let mapping: MappedFile
  private let fill: RangeFill?
  private let present = Mutex(RangeSet<Int>())
  private let failure = Mutex<CheckpointError?>(nil)

  /// A local file, or a file of a mounted ``RemoteFolder``. Reads nothing of it. Throws `.noSuchFile`, `.invalid` if the path is not
  /// a file, `.io`, and for a remote file the errors of the connection.
  package convenience init(path: String) throws(CheckpointError) {
    if let (folder, rest) = RemoteFolders.find(path) {
      let file = try folder.file(rest)
      self.init(file.mapping, path: path, version: file.version, fill: file.fill)
      return
    }
    do { self.init(try MappedFile(path: path)) } catch { throw CheckpointError(error) }
  }

  /// A mapped file that is completely local.
  package convenience init(_ mapping: MappedFile) {
    self.init(mapping, path: mapping.path, version: "\(mapping.modificationTime)", fill: nil)
  }

  /// A file that is filled by ranges. `mapping` maps the local file that `fill` writes to (see `MappedFile(filledHere:)`), `path`
  /// is the address in errors, `version` identifies the content at its host (an ETag, a commit).
  ///
  /// `fill` may be called on any thread, and on several at once. It is called again for bytes that it already fetched only when
  /// two threads request them at the same time.
  package convenience init(_ mapping: MappedFile, address path: String, version: String, fill: @escaping RangeFill) {
    self.init(mapping, path: path, version: version, fill: fill)
  }

  private init(_ mapping: MappedFile, path: String, version: String, fill: RangeFill?) {
    self.mapping = mapping
    self.path = path
    self.version = version
    self.fill = fill
  }

  /// Length in bytes.
  package var size: Int { mapping.size }
  /// True when every byte is on this machine, and `ensure` has nothing to do.
  package var isLocal: Bool { fill == nil }

  /// Makes sure that the bytes of these ranges can be read: returns at once for a local file, else fetches the missing bytes.
  ///
  /// The ranges must be inside the file; they may have any order, and they may overlap. Throws the errors of fetching. After the first
  /// failure nothing more is fetched: a request is sent several times before it fails, so that many would take hours to do so.
  package func ensure(_ ranges: [Range<Int>]) throws(CheckpointError) {
    guard let fill else { return }
    var missing = RangeSet<Int>()
    for range in ranges {
      precondition(range.lowerBound >= 0 && range.upperBound <= size, "bytes \(range) of a file of \(size) bytes")
      missing.insert(contentsOf: range)
    }
    missing = present.withLock { missing.subtracting($0) }
    guard !missing.isEmpty else { return }
    if let fetchFailure { throw fetchFailure }
    do { try fill(Array(missing.ranges)) } catch {
      failure.withLock { $0 = $0 ?? error }
      throw error
    }
    present.withLock { $0.formUnion(missing) }
  }

  /// Like `ensure`, for callers inside a computation that cannot throw: bytes that could not be fetched have undefined values,
  /// and `checkUnchanged` throws the reason.
  package func fetch(_ ranges: [Range<Int>]) { try? ensure(ranges) }

  /// The error because of which requested bytes are missing, nil when none are missing.
  var fetchFailure: CheckpointError? { failure.withLock(\.self) }

  /// Calls `body` with the bytes of `range`, which must be inside the file; the span is valid only during the call and may be
  /// unaligned.
  ///
  /// O(1), and a page fault for each non-resident page that `body` accesses.
  @inlinable
  package func withBytes<Result, Failure: Error>(
    in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mapping.withBytes(in: range, body)
  }
}
