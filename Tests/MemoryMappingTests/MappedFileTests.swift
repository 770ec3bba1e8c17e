import Foundation
import TestKit
import Testing

@testable import MemoryMapping

@Suite struct MappedFileTests {
  private let folder = TemporaryFolder()

  private func kind(_ path: String) -> MappingError.Kind? {
    do {
      _ = try MappedFile(path: path)
      return nil
    } catch { return error.kind }
  }

  private func bytes(_ file: MappedFile, _ range: Range<Int>) -> [UInt8] {
    file.withBytes(in: range) { span in (0..<span.byteCount).map { unsafe span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) } }
  }

  @Test("the bytes of any range are those of the file")
  func ranges() throws {
    let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let file = try MappedFile(path: folder.write(content, to: "a"))
    for range in [0..<10_000, 0..<0, 10_000..<10_000, 1..<2, 4_095..<4_097, 9_999..<10_000] {
      #expect(bytes(file, range) == Array(content[range]))
    }
    #expect(file.size == 10_000 && file.change == nil)
  }

  @Test("an empty file is a mapping of no bytes")
  func empty() throws {
    let file = try MappedFile(path: folder.write([], to: "empty"))
    #expect(file.size == 0)
    #expect(bytes(file, 0..<0).isEmpty)
    file.release(0..<0)
    file.willNeed(0..<0)
  }

  @Test("what was thrown inside comes out")
  func thrown() throws {
    struct Mark: Error, Equatable {}
    let file = try MappedFile(path: folder.write([1], to: "a"))
    #expect(throws: Mark()) { try file.withBytes(in: 0..<1) { _ throws(Mark) in throw Mark() } }
  }

  @Test("hints change no byte, inside or outside the file")
  func hints() throws {
    let content = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    let file = try MappedFile(path: folder.write(content, to: "a"))
    file.sequential()
    for range in [0..<100_000, 5..<70_001, 99_999..<100_000, 0..<1, -50..<200_000] {
      file.willNeed(range)
      file.populate(range)
      #expect(bytes(file, 0..<100_000) == content)
      file.release(range)
      #expect(bytes(file, 0..<100_000) == content)
    }
  }

  @Test("two paths to one file have one identity, two files have two")
  func identity() throws {
    let path = try folder.write([1], to: "a")
    try folder.link("b", to: "a")
    let other = try folder.write([1], to: "c")
    let file = try MappedFile(path: path)
    #expect(try MappedFile(path: folder.path(of: "b")).identity == file.identity)
    #expect(try MappedFile(path: other).identity != file.identity)
  }

  @Test("a path where nothing is: not found")
  func missing() {
    #expect(kind(folder.path(of: "nothing")) == .notFound)
    #expect(kind(folder.path(of: "nothing/at/all")) == .notFound)
    #expect(kind("") == .notFound)
  }

  @Test("a path through a file: not found")
  func throughFile() throws {
    #expect(kind(try folder.write([1], to: "a") + "/b") == .notFound)
  }

  @Test("a NUL in a path does not end it")
  func nul() throws {
    #expect(kind(try folder.write([1], to: "a") + "\0b") == .notFound)
  }

  @Test("a link to nothing is told from nothing")
  func dangling() throws {
    try folder.link("a", to: "gone\n")
    #expect(kind(folder.path(of: "a")) == .danglingLink(target: "gone\n"))
    let line = MappingError(path: "a", kind: .danglingLink(target: "gone\n")).description
    #expect(!line.contains("\n"))
  }

  @Test("a link to itself is a loop")
  func loop() throws {
    try folder.link("a", to: "a")
    #expect(kind(folder.path(of: "a")) == .linkLoop)
  }

  @Test("a folder is not mapped")
  func directory() { #expect(kind(folder.path) == .notRegular(what: "a folder")) }

  @Test("a FIFO is refused without waiting for its writer")
  func fifo() {
    let made = unsafe mkfifo(folder.path(of: "pipe"), 0o600)
    #expect(made == 0)
    #expect(kind(folder.path(of: "pipe")) == .notRegular(what: "a named pipe"))
  }

  @Test("a device is not mapped", arguments: ["/dev/null", "/dev/zero"])
  func device(_ path: String) { #expect(kind(path) == .notRegular(what: "a device")) }

  @Test("a file that may not be read: permission", .enabled(if: getuid() != 0))
  func permission() throws {
    let path = try folder.write([1], to: "a")
    let changed = unsafe chmod(path, 0)
    #expect(changed == 0)
    #expect(kind(path) == .permission)
  }

  @Test("printable text has one line, no control and no bidirectional characters")
  func printable() {
    #expect("a\nb\u{1B}[0m\u{202E}\u{2066}\"\\é".printable == #"a\nb\u{1b}[0m\u{202e}\u{2066}\"\\é"#)
    #expect("abcdef".printable(limit: 3) == "abc…")
    #expect("".printable == "")
  }
}
