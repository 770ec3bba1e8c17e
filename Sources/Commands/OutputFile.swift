import Pictures
import Reports
import Synchronization
import SystemPackage
import Unmask

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The destination of an answer: stdout, or a file that appears complete or not at all.
///
/// The file is opened before the work starts, so that an unwritable path costs no time. It is a draft beside the target with a
/// different name. The draft is renamed to the target when everything is written. An unfinished draft is removed, also if the
/// program is interrupted. A path that is not a regular file (`/dev/null`, a pipe) is written directly.
final class OutputFile: Sendable {
  /// The path as given; nil for stdout.
  private let path: String?
  /// The file itself, if the path is a link to one.
  private let target: String
  /// The file that is written until the output is complete; nil if the output is written directly.
  private let draft: String?
  private let descriptor: FileDescriptor

  /// The existing drafts, by the location of their target.
  private static let drafts = Mutex<[FileLocation: String]>([:])

  /// Opens the draft beside `path`; nil or `-` stands for stdout. `inputs` are files that must not be overwritten.
  init(_ path: String?, inputs: [String]) throws(Failure) {
    guard let path, path != "-" else {
      (self.path, target, draft, descriptor) = (nil, "", nil, .standardOutput)
      return
    }
    if path.isEmpty { throw .output("the name of the output file is empty") }
    if path.utf8.contains(0) { throw .output("the name of an output file cannot contain a NUL byte") }
    let output = OutputPath(path)
    let target = output.target
    try Self.checkIsFree(output)
    do { try output.check(inputs: inputs) } catch { throw .engine(error) }
    (self.path, self.target) = (path, target)
    do {
      if output.isSpecial {
        draft = nil
        descriptor = try FileDescriptor.open(FilePath(path), .writeOnly, options: [.closeOnExec])
      } else {
        let draft = Self.draft(for: target)
        let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .closeOnExec]
        // The new file keeps the permissions of the file that it replaces.
        let permissions = FilePermissions(rawValue: .init(output.permissions ?? 0o666))
        descriptor = try FileDescriptor.open(FilePath(draft), .writeOnly, options: options, permissions: permissions)
        self.draft = draft
        Self.drafts.withLock { $0[FileLocation(target)] = draft }
      }
    } catch {
      throw .output(Self.line(path, error))
    }
  }

  /// Refuses the path of another output of this run.
  static func checkIsFree(_ output: OutputPath) throws(Failure) {
    if Self.drafts.withLock({ $0[FileLocation(output.target)] != nil }) {
      throw .output("\(TerminalText.escaped(output.path)): two outputs would be written to this file; choose different names")
    }
  }

  /// A unique name in the folder of `target`. It is short enough wherever the name of `target` is.
  private static func draft(for target: String) -> String {
    (OutputPath.folder(of: target).map { $0 + "/" } ?? "") + ".unmask-" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
      + ".part"
  }

  /// Writes `text` and moves the file to its target.
  func finish(_ text: String) throws(Failure) { try finish(text.utf8) }

  /// Writes bytes and moves the file to its target.
  func finish(_ bytes: some Sequence<UInt8>) throws(Failure) {
    try place { descriptor in _ = try descriptor.writeAll(bytes) }
  }

  /// Writes text that is produced piece by piece, a megabyte at a time, and moves the file to its target.
  func finish(writing write: (inout TextStream) -> Void) throws(Failure) {
    try place { descriptor in
      var stream = TextStream(descriptor)
      write(&stream)
      try stream.finish()
    }
  }

  private func place(_ write: (FileDescriptor) throws -> Void) throws(Failure) {
    do {
      try write(descriptor)
      guard path != nil else { return }
      try descriptor.close()
      guard let draft else { return }
      guard unsafe rename(draft, target) == 0 else { throw Errno(rawValue: errno) }
      Self.drafts.withLock { $0[FileLocation(target)] = nil }
    } catch {
      // Who stops reading gets no complaint, and a gate its exit code all the same.
      if path == nil, error as? Errno == .brokenPipe { return }
      throw .output(Self.line(path, error))
    }
  }

  deinit {
    guard let draft else { return }
    Self.drafts.withLock { drafts in
      // After `finish` the draft is gone, and its location may belong to another output.
      guard drafts[FileLocation(target)] == draft else { return }
      drafts[FileLocation(target)] = nil
      unsafe unlink(draft)
    }
  }

  /// Removes every unfinished file.
  static func removeDrafts() {
    drafts.withLock { for draft in $0.values { unsafe unlink(draft) } }
  }

  /// The error line for the output at `path`, or for stdout, where only `--output` can help.
  private static func line(_ path: String?, _ error: any Error) -> String {
    guard let path else { return "standard output cannot be written: \(error); write to a file with --output" }
    return "\(TerminalText.escaped(path)): cannot be written: \(error); choose another file"
  }
}

/// A text stream to a file, in pieces of a megabyte. Errors are kept until the end.
struct TextStream: TextOutputStream {
  private let descriptor: FileDescriptor
  private var buffer: [UInt8] = []
  private var failure: (any Error)?

  init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

  mutating func write(_ string: String) {
    buffer += string.utf8
    if buffer.count >= 1 << 20 { flush() }
  }

  /// Writes the rest; throws the first error.
  mutating func finish() throws {
    flush()
    if let failure { throw failure }
  }

  private mutating func flush() {
    if failure == nil {
      do { try descriptor.writeAll(buffer) } catch { failure = error }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
