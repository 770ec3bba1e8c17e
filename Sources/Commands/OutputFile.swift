import Synchronization
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Where an answer goes: stdout, or a file that appears whole or not at all.
///
/// It is opened before the work starts, so that a path that cannot be written costs no time: beside the file, under a
/// name of its own, and renamed over it when everything was written. What is left unfinished is removed, also when the
/// program is interrupted. A path that leads to something other than a file (`/dev/null`, a pipe) is written in place.
final class OutputFile: Sendable {
  /// The path as it was given; nil for stdout.
  private let path: String?
  /// The file itself, where the path is a link to one.
  private let target: String
  /// What is written until the whole is there; nil where it is written in place.
  private let draft: String?
  private let descriptor: FileDescriptor

  /// Drafts that exist now, for `removeDrafts`.
  private static let drafts = Mutex(Set<String>())

  /// Opens the draft beside `path`; nil or `-` stands for stdout. `inputs` are files that must not be overwritten.
  init(_ path: String?, inputs: [String]) throws(Failure) {
    guard let path, path != "-" else {
      (self.path, target, draft, descriptor) = (nil, "", nil, .standardOutput)
      return
    }
    if path.isEmpty { throw .output("an output needs a name, and this one is empty") }
    let existing = FileNumbers(path)
    if let existing {
      if inputs.contains(where: { FileNumbers($0) == existing }) {
        throw .output("\(path): this is one of the models; choose another name for the output")
      }
      if existing.isFolder { throw .output("\(path): is a folder; name a file in it") }
    }
    self.path = path
    target = existing == nil ? path : FilePlace.resolved(path) ?? path
    do {
      if let existing, !existing.isRegular {
        draft = nil
        descriptor = try FileDescriptor.open(FilePath(path), .writeOnly, options: [.closeOnExec])
      } else {
        let draft = target + ".\(getpid()).part"
        let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .closeOnExec]
        descriptor = try FileDescriptor.open(
          FilePath(draft), .writeOnly, options: options, permissions: FilePermissions(rawValue: 0o666))
        self.draft = draft
        Self.drafts.withLock { _ = $0.insert(draft) }
      }
    } catch {
      // The draft's name has this process's number in it: only another output of the same run can have taken it.
      if error as? Errno == .fileExists { throw .output("\(path): is the place of two outputs; give each its own name") }
      throw .output(Self.line(path, error))
    }
  }

  /// Writes `text` and puts the file in its place.
  func finish(_ text: String) throws(Failure) {
    do {
      try descriptor.writeAll(text.utf8)
      guard path != nil else { return }
      try descriptor.close()
      guard let draft else { return }
      guard unsafe rename(draft, target) == 0 else { throw Errno(rawValue: errno) }
      Self.drafts.withLock { _ = $0.remove(draft) }
    } catch {
      if path == nil, error as? Errno == .brokenPipe { throw .closedPipe }
      throw .output(Self.line(path ?? "standard output", error))
    }
  }

  deinit {
    guard let draft else { return }
    if Self.drafts.withLock({ $0.remove(draft) }) != nil { unsafe unlink(draft) }
  }

  /// Removes every unfinished file.
  static func removeDrafts() {
    drafts.withLock { $0.forEach { unsafe unlink($0) } }
  }

  private static func line(_ path: String, _ error: any Error) -> String {
    "\(path): cannot be written: \(error); choose another place with --output"
  }
}

/// Which file a path leads to.
private struct FileNumbers: Equatable {
  let device: UInt64
  let number: UInt64
  let isFolder: Bool
  let isRegular: Bool

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
    isFolder = status.st_mode & S_IFMT == S_IFDIR
    isRegular = status.st_mode & S_IFMT == S_IFREG
  }
}
