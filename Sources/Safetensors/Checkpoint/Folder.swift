internal import MemoryMapping

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a path leads to, symbolic links followed.
enum PathKind {
  case file, folder
  /// A device, pipe or socket.
  case other
  /// Nothing, or a link to nothing.
  case missing
  /// The system would not say (permission, a loop of links).
  case unknown

  init(_ path: String) {
    var status = stat()
    // A C string would end at a NUL.
    guard !path.utf8.contains(0) else {
      self = .missing
      return
    }
    guard unsafe stat(path, &status) == 0 else {
      self = errno == ENOENT || errno == ENOTDIR ? .missing : .unknown
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .file
    case S_IFDIR: self = .folder
    default: self = .other
    }
  }
}

/// The names in one folder, sorted by bytes.
///
/// ```swift
/// let folder = try Folder("models/aurora")
/// folder.contains("model.safetensors")  // true
/// folder.path(of: "config.json")        // "models/aurora/config.json"
/// ```
struct Folder {
  let path: String
  let identity: FileIdentity
  /// When the folder was last changed, in nanoseconds since 1970.
  let modificationTime: Int64
  /// Every name but `.` and `..`.
  let names: [String]

  init(_ path: String) throws(CheckpointError) {
    self.path = path
    var status = stat()
    guard unsafe stat(path, &status) == 0, let stream = unsafe opendir(path) else { throw Self.failure(path, errno) }
    defer { unsafe closedir(stream) }
    identity = FileIdentity(
      device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino))
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    modificationTime = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    var names: [TensorName] = []
    errno = 0
    while let entry = unsafe readdir(stream) {
      // The entry is valid until the next call, and its name ends with a NUL.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(TensorName(name)) }
      errno = 0
    }
    guard errno == 0 else { throw Self.failure(path, errno) }
    self.names = names.sorted().map(\.string)
  }

  /// True when the folder has an entry of this name, even a link to nothing.
  func contains(_ name: String) -> Bool { names.contains { $0.utf8.elementsEqual(name.utf8) } }

  /// The path of an entry.
  func path(of name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  private static func failure(_ path: String, _ number: Int32) -> CheckpointError {
    switch number {
    case ENOENT, ENOTDIR:
      CheckpointError(.noSuchFile, file: path, problem: "no such folder", remedy: "check the path")
    case EACCES, EPERM:
      CheckpointError(
        .io, file: path, problem: "the folder may not be read by this user",
        remedy: "change its permissions (chmod) or run as its owner")
    default:
      CheckpointError(
        .io, file: path, problem: "the folder could not be read (errno \(number))", remedy: "check the disk and try again")
    }
  }
}

/// The path without links, `.` and `..`, or nil when it leads nowhere.
func resolved(_ path: String) -> String? {
  guard let text = unsafe realpath(path, nil) else { return nil }
  defer { unsafe free(text) }
  return unsafe String(cString: text)
}

/// The last part of a path; what it leads to where that is none (`/`, `.`, `..`).
func lastComponent(_ path: String) -> String {
  let last = path.lastPathPart
  guard last == "." || last == ".." || last.isEmpty, let real = resolved(path) else { return last }
  return real.lastPathPart
}

/// The folder that holds the last part of a path: what is before its last slash.
func parentFolder(_ path: String) -> String {
  guard let folder = path.splitAtLastSlash.folder else { return "." }
  return folder.isEmpty ? "/" : folder
}
