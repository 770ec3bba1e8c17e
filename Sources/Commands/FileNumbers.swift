#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Which file a path leads to: by device and number, so that links and other spellings of a path make no difference.
struct FileNumbers: Equatable {
  let device: UInt64
  let number: UInt64
  let isFolder: Bool
  let isRegular: Bool
  let permissions: mode_t

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    isRegular = status.st_mode & S_IFMT == S_IFREG
    permissions = status.st_mode & 0o777
  }
}
