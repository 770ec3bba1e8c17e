internal import CMappingGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// One regular file. Its bytes are in memory, read-only, for the lifetime of this object.
///
/// ```swift
/// let file = try MappedFile(path: "model.safetensors")
/// let first = file.withBytes(in: 0..<8) { bytes in bytes.unsafeLoadUnaligned(as: UInt64.self) }
/// file.willNeed(8..<file.size)
/// ```
///
/// Opening reads nothing. Pages are loaded on first access: from the page cache or, if `access` is `.reading`, by `pread` calls
/// of the guard, 2 MB each. An empty file is a valid mapping of no bytes. The bytes are not a snapshot: a write to the file
/// changes them. When a file is truncated while it is mapped, or its disk fails, the lost bytes read as zeros if the program
/// allows that (``MappingGuard/allow()``); otherwise SIGBUS ends the process. So a result is valid only when `change` is nil
/// after the last byte for it was read.
@safe package final class MappedFile: Sendable {
  /// The path as it was given.
  package let path: String
  /// Length in bytes when the file was opened.
  package let size: Int
  /// The device and inode number; together they show whether two paths are the same file.
  package let identity: FileIdentity
  /// Last change, in nanoseconds since 1970.
  package let modificationTime: Int64
  /// The method that loads the bytes into memory.
  package let access: FileAccess
  /// True for a file that this process writes while it is mapped: then its time of change has no meaning.
  let isFilledHere: Bool

  // Start of the mapping, nil for an empty file. Written once, in init; unmapped in deinit and never before.
  private nonisolated(unsafe) let base: UnsafeMutableRawPointer?
  let descriptor: Int32
  // The number of the mapping at the guard, nil for an empty file.
  let guarded: Int32?

  /// Opens and maps the regular file at `path`; follows symbolic links, never blocks on a FIFO and never reads a device. Without
  /// `access`, it uses ``FileAccess/preferred`` or, if that is nil, the access that suits the file system.
  package convenience init(path: String, access: FileAccess? = nil) throws(MappingError) {
    try self.init(path: path, access: access, isFilledHere: false)
  }

  /// Maps a file that this process fills while it is mapped, such as a sparse file of its full length. It is always mapped: a
  /// block that was read once would not show later writes. Every byte must be written before it is read.
  package convenience init(filledHere path: String) throws(MappingError) {
    try self.init(path: path, access: .mapping, isFilledHere: true)
  }

  private init(path: String, access: FileAccess?, isFilledHere: Bool) throws(MappingError) {
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
    let access = (access ?? FileAccess.preferred ?? FileAccess(for: descriptor)).possible
    var base: UnsafeMutableRawPointer?
    var guarded: Int32?
    if size > 0 {
      do {
        unsafe (base, guarded) =
          switch access {
          case .mapping: unsafe try Self.map(descriptor, size)
          case .reading: unsafe try Self.reserve(descriptor, size)
          }
      } catch {
        close(descriptor)
        throw MappingError(path: path, kind: error)
      }
    }
    self.path = path
    self.size = size
    let numbers = FileStatus(status)
    self.identity = numbers.identity
    self.modificationTime = numbers.modificationTime
    self.isFilledHere = isFilledHere
    self.access = access
    unsafe self.base = base
    self.descriptor = descriptor
    self.guarded = guarded
  }

  /// A mapping, registered with the guard; it lasts until deinit, which first removes it from the guard.
  private static func map(_ descriptor: Int32, _ size: Int) throws(MappingError.Kind) -> (UnsafeMutableRawPointer, Int32) {
    guard let base = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe base != MAP_FAILED else {
      throw errno == ENOMEM || errno == EOVERFLOW ? .tooLarge : .io(errno)
    }
    let number = unsafe mg_enter(base, size)
    guard number >= 0 else {
      unsafe munmap(base, size)
      throw .io(ENOMEM)
    }
    return unsafe (base, number)
  }

  /// Reserved memory for the bytes; the guard reads them on first access.
  private static func reserve(_ descriptor: Int32, _ size: Int) throws(MappingError.Kind) -> (UnsafeMutableRawPointer, Int32) {
    var number: Int32 = -1
    guard let base = unsafe mg_enter_read(descriptor, size, &number) else { throw .tooLarge }
    return unsafe (base, number)
  }

  deinit {
    if let guarded { mg_leave(guarded) }
    if let base = unsafe base { unsafe munmap(base, size) }
    close(descriptor)
  }

  /// Calls `body` with the bytes of `range`, which must be inside the file; the span is valid only during the call.
  ///
  /// O(1) and a page fault for each non-resident page that `body` accesses.
  @inlinable
  package func withBytes<Result, Failure: Error>(
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

  /// The change of the file since it was opened that makes its bytes invalid; nil while they are valid. One system call.
  package var change: FileChange? {
    let lost = guarded.map { mg_lost($0) } ?? -1
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return .unreadable(at: max(0, Int(lost))) }
    let length = Int(status.st_size)
    if length < size { return .cut(to: length) }
    // If the file still has its length, only its disk or server can cause lost pages.
    if length > size || (!isFilledHere && FileStatus(status).modificationTime != modificationTime) { return .written }
    return lost >= 0 ? .unreadable(at: Int(lost)) : nil
  }

  static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))
}
