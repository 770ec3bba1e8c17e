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
/// bytes are not a snapshot: who writes to the file changes them, and a file that is cut while it is mapped makes the
/// process fail with SIGBUS when the lost pages are touched (`isUnchanged` tells, but only when it is asked).
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
    if size > 0 {
      unsafe base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0)
      if unsafe base == MAP_FAILED {
        let number = errno
        close(descriptor)
        throw MappingError(path: path, kind: number == ENOMEM || number == EOVERFLOW ? .tooLarge : .io(number))
      }
    }
    self.path = path
    self.size = size
    self.identity = FileIdentity(status)
    self.modificationTime = Self.nanoseconds(status)
    unsafe self.base = base
    self.descriptor = descriptor
  }

  deinit {
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

  /// False when the file that is mapped has another length or time of change than when it was opened: then its bytes
  /// cannot be trusted, and those beyond the new end cannot be touched. One system call.
  public var isUnchanged: Bool {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return false }
    return Int(status.st_size) == size && Self.nanoseconds(status) == modificationTime
  }

  /// The file's length now, or nil when the system does not say; less than `size` when the file was cut. One system call.
  public var currentSize: Int? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : nil
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
