internal import CMappingGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One regular file, mapped read-only for as long as this object lives.
///
/// ```swift
/// let file = try MappedFile(path: "model.safetensors")
/// let first = file.withBytes(in: 0..<8) { bytes in bytes.unsafeLoadUnaligned(as: UInt64.self) }
/// file.willNeed(8..<file.size)
/// ```
///
/// Opening costs no reading: pages come in when they are touched. An empty file is a valid mapping of no bytes. The
/// bytes are not a snapshot: who writes to the file changes them, and those of a file that is cut while it is mapped, or whose disk
/// fails, are read as zeros from there on (`CMappingGuard` catches the SIGBUS). So a result counts only when `change` is nil after
/// the last byte for it was read.
@safe public final class MappedFile: Sendable {
  /// The path as it was given.
  public let path: String
  /// Length in bytes when the file was opened.
  public let size: Int
  /// The device and inode number, which together say whether two paths are one file.
  public let identity: FileIdentity
  /// Last change, in nanoseconds since 1970.
  public let modificationTime: Int64

  // Start of the mapping, nil for an empty file. Written once, in init; unmapped in deinit and never before.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?
  private let descriptor: Int32
  // By which the guard knows the mapping, nil for an empty file.
  private let guarded: Int32?

  /// Opens and maps the regular file at `path`; follows symbolic links, never blocks on a FIFO and never reads a device.
  public init(path: String) throws(MappingError) {
    let descriptor = try Self.openForReading(path)
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let number = errno
      close(descriptor)
      throw MappingError(path: path, kind: .io(number))
    }
    if let what = Self.kindOfIrregular(status.st_mode) {
      close(descriptor)
      throw MappingError(path: path, kind: .notRegular(what: what))
    }
    let size = Int(status.st_size)
    var base: UnsafeMutableRawPointer?
    var guarded: Int32?
    if size > 0 {
      unsafe base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
      if unsafe base == MAP_FAILED {
        let number = errno
        close(descriptor)
        throw MappingError(path: path, kind: number == ENOMEM || number == EOVERFLOW ? .tooLarge : .io(number))
      }
      // The mapping lasts until deinit, which leaves the guard first.
      let number = unsafe mg_enter(base, size)
      guard number >= 0 else {
        unsafe munmap(base, size)
        close(descriptor)
        throw MappingError(path: path, kind: .io(ENOMEM))
      }
      guarded = number
    }
    self.path = path
    self.size = size
    self.identity = FileIdentity(status)
    self.modificationTime = Self.nanoseconds(status)
    unsafe self.base = base
    self.descriptor = descriptor
    self.guarded = guarded
  }

  deinit {
    if let guarded { mg_leave(guarded) }
    if let base = unsafe base { unsafe munmap(base, size) }
    close(descriptor)
  }

  /// Calls `body` with the bytes of `range`, which must be inside the file; the span is valid only during the call.
  ///
  /// O(1) and a page fault for each page not yet resident that `body` touches.
  @inlinable
  public func withBytes<Result, Failure: Error>(
    in range: Range<Int>, _ body: (RawSpan) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(range.lowerBound >= 0 && range.upperBound <= size, "bytes \(range) of a file of \(size) bytes")
    // The pages are mapped until deinit, and `self` outlives the call.
    return try body(unsafe RawSpan(_unsafeBytes: bytes(in: range)))
  }

  /// The memory of `range`; the caller has checked that it is inside the file.
  @unsafe @usableFromInline
  func bytes(in range: Range<Int>) -> UnsafeRawBufferPointer {
    guard let base = unsafe base else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
    return unsafe UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count)
  }

  /// What has happened to the file since it was opened that makes its bytes worthless, nil while they can be trusted. One system
  /// call.
  public var change: FileChange? {
    let lost = guarded.map { mg_lost($0) } ?? -1
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return .unreadable(at: max(0, Int(lost))) }
    let length = Int(status.st_size)
    if length < size { return .cut(to: length) }
    // Readable pages of a file that has its length are lost to its disk or server alone.
    if length > size || Self.nanoseconds(status) != modificationTime { return .written }
    return lost >= 0 ? .unreadable(at: Int(lost)) : nil
  }

  /// Applies `advice` to the pages of `range` widened (`inward` false) or narrowed to whole pages; hints may fail.
  @discardableResult
  func advise(_ advice: Int32, _ range: Range<Int>, inward: Bool = false) -> Bool {
    let page = Self.pageSize
    let clamped = range.clamped(to: 0..<size)
    let (lower, upper) =
      inward
      ? ((clamped.lowerBound + page - 1) / page * page, clamped.upperBound / page * page)
      : (clamped.lowerBound / page * page, clamped.upperBound)
    guard let base = unsafe base, lower < upper else { return true }
    return unsafe madvise(base + lower, upper - lower, advice) == 0
  }

  static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
}
