#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Hints to the kernel about the bytes of a mapping. They change speed and resident memory, never what is read; a range
// beyond the file is clamped to it, and a kernel that does not know a hint goes on without it.
extension MappedFile {
  /// Says that `range` is read soon, so that the kernel starts to read it from disk. Returns at once; one system call.
  public func willNeed(_ range: Range<Int>) { advise(Int32(MADV_WILLNEED), range) }

  /// Says that the file is read from front to back: the kernel reads further ahead. One system call.
  public func sequential() { advise(Int32(MADV_SEQUENTIAL), 0..<size) }

  /// Brings `range` in and maps its pages in one system call, which lasts as long as the reading does; cheaper than
  /// one fault for each page. Does nothing on a kernel that lacks it (before Linux 5.14).
  ///
  /// Returns whether the pages are now mapped; false too when the file has been cut inside `range`.
  @discardableResult
  public func populate(_ range: Range<Int>) -> Bool {
    #if os(Linux)
      let populateRead: Int32 = 22  // MADV_POPULATE_READ, absent from older C headers
      return advise(populateRead, range)
    #else
      return false
    #endif
  }

  /// Gives back the resident pages that lie wholly inside `range`: they are read again when touched again (from the page
  /// cache if it still has them). One system call, O(pages).
  public func release(_ range: Range<Int>) { advise(Int32(MADV_DONTNEED), range, inward: true) }

  /// Says that the resident pages of `range` are the first to go when memory is short, then gives them back: for what was read
  /// once from disk, so that it does not drive out what others keep in the page cache. Two system calls, O(pages).
  public func retire(_ range: Range<Int>) {
    #if os(Linux)
      let cold: Int32 = 20  // MADV_COLD (Linux 5.4), absent from older C headers
      advise(cold, range, inward: true)
    #endif
    release(range)
  }

  /// Whether the page with this byte is in the page cache; true when the system does not say. One system call.
  public func isResident(at offset: Int) -> Bool {
    precondition(offset >= 0 && offset < size, "byte \(offset) of a file of \(size) bytes")
    // Safe: `bytes` is inside the mapping, and mincore writes one byte for the one page of the range.
    let page = offset / Self.pageSize * Self.pageSize
    guard let start = unsafe bytes(in: page..<page + 1).baseAddress else { return true }
    #if canImport(Darwin)
      return true
    #else
      var state = [UInt8(1)]
      let failed = unsafe mincore(UnsafeMutableRawPointer(mutating: start), 1, &state) != 0
      return failed || state[0] & 1 == 1
    #endif
  }
}
