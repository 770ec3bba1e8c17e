internal import MemoryMapping

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Keeps the folder of fetched ranges small.
enum CacheLimit {
  private struct Entry {
    var path: String
    var bytes: Int
    var time: Int64
  }

  /// Removes the files that were added to longest ago until the rest takes at most `limit` bytes on the disk. Files that a process has
  /// open keep their bytes until it ends. One system call for each file.
  static func apply(_ limit: Int, to folder: String) {
    var entries = names(in: folder).filter { $0.hasSuffix(".bytes") }.compactMap { entry("\(folder)/\($0)") }
    var total = entries.reduce(0) { $0 + $1.bytes }
    entries.sort { ($0.time, $0.path) < ($1.time, $1.path) }
    for entry in entries where total > limit {
      // Without its list, a file counts as empty: the list goes first.
      for ending in ["ranges", "ranges.lock", "bytes"] { unsafe unlink(entry.path.dropLast("bytes".count) + ending) }
      total -= entry.bytes
    }
  }

  private static func entry(_ path: String) -> Entry? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    let list = (try? FileStatus(path.dropLast("bytes".count) + "ranges"))?.modificationTime ?? 0
    return Entry(path: path, bytes: Int(status.st_blocks) * 512, time: list)
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      // The entry is valid until the next call, and its name ends with a NUL.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      names.append(name)
    }
    return names
  }
}
