#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What the system keeps of files in memory, brought about by calls of its own, so that a test does not rely on the code under test.
package enum PageCache {
  /// Bytes of a page.
  package static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Drops a file's pages; false where the system does not (a file system in memory, another system than Linux).
  package static func evict(_ path: String) -> Bool {
    #if os(Linux)
      let file = unsafe open(path, O_RDWR)
      guard file >= 0 else { return false }
      defer { close(file) }
      guard fsync(file) == 0, posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED) == 0 else { return false }
      return residentPages(path) == 0
    #else
      return false
    #endif
  }

  /// Reads one byte of each of these pages, and no other page with it.
  package static func read(_ path: String, pages: some Sequence<Int>) {
    #if os(Linux)
      let file = unsafe open(path, O_RDONLY)
      defer { close(file) }
      _ = posix_fadvise(file, 0, 0, POSIX_FADV_RANDOM)
      var byte = UInt8(0)
      for page in pages { _ = unsafe pread(file, &byte, 1, page * pageSize) }
    #endif
  }

  /// How many pages of a file are in memory; nil where that cannot be told.
  package static func residentPages(_ path: String) -> Int? {
    #if os(Linux)
      let file = unsafe open(path, O_RDONLY)
      guard file >= 0 else { return nil }
      defer { close(file) }
      let size = lseek(file, 0, SEEK_END)
      guard size > 0, let start = unsafe mmap(nil, size, PROT_READ, MAP_SHARED, file, 0), unsafe start != MAP_FAILED else {
        return nil
      }
      defer { unsafe munmap(start, size) }
      var state = [UInt8](repeating: 0, count: (size + pageSize - 1) / pageSize)
      guard unsafe mincore(start, size, &state) == 0 else { return nil }
      return state.count { $0 & 1 == 1 }
    #else
      return nil
    #endif
  }

  /// How many pages from an address on this process has mapped at the moment; nil where that cannot be told.
  package static func mappedPages(at address: UInt, count: Int) -> Int? {
    #if os(Linux)
      // A word a page, its highest bit: present.
      let file = unsafe open("/proc/self/pagemap", O_RDONLY)
      guard file >= 0 else { return nil }
      defer { close(file) }
      var words = [UInt64](repeating: 0, count: count)
      let got = unsafe pread(file, &words, 8 * count, Int(address) / pageSize * 8)
      return got == 8 * count ? words.count { $0 >> 63 == 1 } : nil
    #else
      return nil
    #endif
  }
}
