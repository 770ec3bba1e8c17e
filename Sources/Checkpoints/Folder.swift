internal import MemoryMapping
internal import TensorFiles

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The kind of file at a path, after following symbolic links.
enum PathKind {
  case file, folder
  /// A device, pipe or socket.
  case other
  /// Nothing, or a broken link.
  case missing
  /// The system did not report it (permission, a loop of links).
  case unknown

  init(_ path: String) {
    if let (folder, rest) = RemoteFolders.find(path) {
      switch folder.entry(rest) {
      case .file: self = .file
      case .folder: self = .folder
      case .missing: self = .missing
      }
      return
    }
    do {
      switch try FileStatus(path).kind {
      case .file: self = .file
      case .folder: self = .folder
      case .other: self = .other
      }
    } catch { self = error.isMissing ? .missing : .unknown }
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
  /// The time of the folder's last change, in nanoseconds since 1970.
  let modificationTime: Int64
  /// Every name except `.` and `..`.
  let names: [String]

  init(_ path: String) throws(CheckpointError) {
    self.path = path
    if let (folder, rest) = RemoteFolders.find(path) {
      guard case .folder(let names) = folder.entry(rest) else { throw Self.failure(path, FileStatus.Failure.missing) }
      self.names = names.map { TensorName($0) }.sorted().map(\.string)
      (identity, modificationTime) = (FileIdentity(device: 0, inode: 0), 0)
      return
    }
    let status: FileStatus
    do { status = try FileStatus(path) } catch { throw Self.failure(path, error) }
    guard let stream = unsafe opendir(path) else { throw Self.failure(path, .last) }
    defer { unsafe closedir(stream) }
    (identity, modificationTime) = (status.identity, status.modificationTime)
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
    guard errno == 0 else { throw Self.failure(path, .last) }
    self.names = names.sorted().map(\.string)
  }

  /// True when the folder has an entry with this name, even a broken link.
  func contains(_ name: String) -> Bool { names.contains { $0.utf8.elementsEqual(name.utf8) } }

  /// The path of an entry.
  func path(of name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

  private static func failure(_ path: String, _ failure: FileStatus.Failure) -> CheckpointError {
    if failure.isMissing { return CheckpointError(.noSuchFile, file: path, problem: "no such folder", remedy: "check the path") }
    if failure.isForbidden {
      return CheckpointError(
        .io, file: path, problem: "this user has no permission to read the folder",
        remedy: "change the permissions (chmod), or run the command as the owner")
    }
    return CheckpointError(
      .io, file: path, problem: "the folder could not be read (errno \(failure.number))",
      remedy: "check the disk, and run "
        + "the command again")
  }
}
