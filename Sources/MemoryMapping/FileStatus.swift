#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The system's information about a path, after following symbolic links.
///
/// ```swift
/// let status = try FileStatus("models/aurora")
/// status.kind              // .folder
/// status.modificationTime  // 1764489600000000000
/// ```
package struct FileStatus: Sendable {
  /// The kind of file at a path.
  package enum Kind: Sendable {
    /// A regular file.
    case file
    /// A folder.
    case folder
    /// A device, a pipe or a socket.
    case other
  }

  /// The `errno` of a failed system call.
  package struct Failure: Error {
    /// The error number.
    package let number: Int32

    /// True when nothing exists at the path, or a link is broken.
    package var isMissing: Bool { number == ENOENT || number == ENOTDIR }
    /// True when this user may not read it.
    package var isForbidden: Bool { number == EACCES || number == EPERM }
    /// Nothing exists at the path.
    package static var missing: Failure { Failure(number: ENOENT) }
    /// The failure of the last system call of this thread.
    package static var last: Failure { Failure(number: errno) }
  }

  /// The kind of file at the path.
  package let kind: Kind
  /// Device and inode.
  package let identity: FileIdentity
  /// Last change, in nanoseconds since 1970.
  package let modificationTime: Int64
  /// The nine permission bits.
  package let permissions: UInt16

  /// Asks the system about `path`. One system call.
  package init(_ path: String) throws(Failure) {
    // A C string would end at the NUL and would name a different file.
    guard !path.utf8.contains(0) else { throw Failure(number: ENOENT) }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw .last }
    self.init(status)
  }

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .folder
    default: kind = .other
    }
    identity = FileIdentity(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modificationTime = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    permissions = UInt16(truncatingIfNeeded: status.st_mode & 0o777)
  }
}
