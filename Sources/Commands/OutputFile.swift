import Synchronization

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
/// program is interrupted.
final class OutputFile {
  private let path: String?
  private let draft: String
  private let descriptor: Int32

  /// Drafts that exist now, for `removeDrafts`.
  private static let drafts = Mutex(Set<String>())

  /// Opens the draft beside `path`; nil or `-` stands for stdout. `inputs` are files that must not be overwritten.
  init(_ path: String?, inputs: [String]) throws(Failure) {
    guard let path, path != "-" else {
      (self.path, draft, descriptor) = (nil, "", STDOUT_FILENO)
      return
    }
    self.path = path
    if let existing = FileNumbers(path) {
      if inputs.contains(where: { FileNumbers($0) == existing }) {
        throw .output("\(path): this is one of the models; choose another name for the output")
      }
      if existing.isFolder { throw .output("\(path): is a folder; name a file in it") }
    }
    draft = path + ".\(getpid()).part"
    descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .output(Self.line(path, errno)) }
    let draft = self.draft
    Self.drafts.withLock { _ = $0.insert(draft) }
  }

  /// Writes `text` and puts the file in its place.
  func finish(_ text: String) throws(Failure) {
    if let number = FileDescriptorText.write(text, to: descriptor) {
      if path == nil, number == EPIPE { throw .closedPipe }
      throw .output(Self.line(path ?? "standard output", number))
    }
    guard let path else { return }
    guard close(descriptor) == 0, unsafe rename(draft, path) == 0 else { throw .output(Self.line(path, errno)) }
    let draft = self.draft
    Self.drafts.withLock { _ = $0.remove(draft) }
  }

  deinit {
    guard path != nil else { return }
    let draft = self.draft
    if Self.drafts.withLock({ $0.remove(draft) }) != nil { unsafe unlink(draft) }
  }

  /// Removes every unfinished file.
  static func removeDrafts() {
    drafts.withLock { $0.forEach { unsafe unlink($0) } }
  }

  private static func line(_ path: String, _ number: Int32) -> String {
    "\(path): cannot be written: \(unsafe String(cString: strerror(number)))"
  }
}

/// Which file a path leads to.
private struct FileNumbers: Equatable {
  let device: UInt64
  let number: UInt64
  let isFolder: Bool

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
    isFolder = status.st_mode & S_IFMT == S_IFDIR
  }
}
