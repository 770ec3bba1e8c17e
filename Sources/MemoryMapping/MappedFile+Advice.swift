internal import CMappingGuard

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// Hints to the kernel about the bytes of a mapping. They change speed and resident memory, never the bytes that are read. A range
// beyond the file is clamped to it, and a kernel that does not know a hint ignores it. If the file is read and not mapped, a
// hint applies to the file.
extension MappedFile {
  /// Tells the kernel that `range` will be read soon, so that it starts to read it from disk. Returns at once; one system call.
  package func willNeed(_ range: Range<Int>) {
    guard access == .mapping else { return tell(.willNeed, of: range) }
    advise(Int32(MADV_WILLNEED), range)
  }

  /// Tells the kernel that the file is read sequentially, so that it reads further ahead. One system call.
  package func sequential() {
    guard access == .mapping else { return tell(.sequential, of: 0..<size) }
    advise(Int32(MADV_SEQUENTIAL), 0..<size)
  }

  /// Loads `range` and maps its pages in one system call, which takes as long as the reading; cheaper than
  /// one fault for each page. Does nothing on a kernel that does not support it (before Linux 5.14).
  ///
  /// Returns whether the pages are now mapped; also false when the file has been truncated inside `range`.
  @discardableResult
  package func populate(_ range: Range<Int>) -> Bool {
    guard access == .mapping else { return false }
    #if os(Linux)
      let populateRead: Int32 = 22  // MADV_POPULATE_READ, absent from older C headers
      return advise(populateRead, range)
    #else
      return false
    #endif
  }

  /// Releases the resident pages that are completely inside `range`: the next access reads them again (from the page
  /// cache if it still has them). One system call, O(pages).
  package func release(_ range: Range<Int>) {
    guard access == .reading else {
      advise(Int32(MADV_DONTNEED), range, inward: true)
      return
    }
    let pages = pages(of: range, inward: true)
    if let guarded, !pages.isEmpty { mg_drop(guarded, pages.lowerBound, pages.count) }
  }

  /// Marks the resident pages of `range` as the first to evict when memory is short, then releases them. For bytes that were read
  /// once from disk, so that they do not evict pages of other files from the page cache. Two system calls, O(pages).
  package func retire(_ range: Range<Int>) {
    #if os(Linux)
      let cold: Int32 = 20  // MADV_COLD (Linux 5.4), absent from older C headers
      if access == .mapping { advise(cold, range, inward: true) }
    #endif
    release(range)
  }

  /// Whether the page with this byte is in the page cache; true when the system does not report it, for example if the file is
  /// not mapped. One system call.
  package func isResident(at offset: Int) -> Bool {
    precondition(offset >= 0 && offset < size, "byte \(offset) of a file of \(size) bytes")
    guard access == .mapping else { return true }
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

  /// Applies `advice` to the pages of `range`; hints may fail.
  @discardableResult
  private func advise(_ advice: Int32, _ range: Range<Int>, inward: Bool = false) -> Bool {
    let pages = pages(of: range, inward: inward)
    guard !pages.isEmpty else { return true }
    // Safe: `pages` begins in the mapping, and the kernel extends the end to whole pages, as it did when mapping.
    return unsafe madvise(UnsafeMutableRawPointer(mutating: bytes(in: pages).baseAddress), pages.count, advice) == 0
  }

  private enum Hint { case willNeed, sequential }

  /// Gives the kernel a hint about bytes of the file, not of a mapping.
  private func tell(_ hint: Hint, of range: Range<Int>) {
    #if os(Linux)
      let range = range.clamped(to: 0..<size)
      let advice = hint == .willNeed ? POSIX_FADV_WILLNEED : POSIX_FADV_SEQUENTIAL
      posix_fadvise(descriptor, off_t(range.lowerBound), off_t(range.count), advice)
    #endif
  }

  /// The pages of `range` inside the file, widened (`inward` false) or narrowed to whole ones.
  private func pages(of range: Range<Int>, inward: Bool) -> Range<Int> {
    let page = Self.pageSize
    let range = range.clamped(to: 0..<size)
    let (lower, upper) =
      inward
      ? ((range.lowerBound + page - 1) / page * page, range.upperBound / page * page)
      : (range.lowerBound / page * page, range.upperBound)
    return lower..<max(lower, upper)
  }
}
