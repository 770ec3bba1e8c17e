import Foundation
import TestKit
import Testing

@testable import MemoryMapping

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct MappingGuardTests {
  private let folder = TemporaryFolder()

  init() { MappingGuard.allow() }
  private let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  private func content(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 % 251 + 1) } }

  private func sum(_ file: MappedFile, _ range: Range<Int>) -> Int {
    file.withBytes(in: range) { span in
      (0..<span.byteCount).reduce(0) { unsafe $0 + Int(span.unsafeLoad(fromByteOffset: $1, as: UInt8.self)) }
    }
  }

  private func cut(_ path: String, to size: Int) throws {
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: UInt64(size))
  }

  @Test("what a cut file has left is read as it is, what it lost as zeros, and the cut is told", arguments: [0, 1, 4096, 12_388])
  func cut(left: Int) throws {
    let content = content(10 * page + 77)
    let path = try folder.write(content, to: "a")
    let file = try MappedFile(path: path)
    try cut(path, to: left)
    #expect(sum(file, 0..<content.count) == content.prefix(left).reduce(0) { $0 + Int($1) })
    #expect(file.change == .cut(to: left))
  }

  @Test("a file that was cut and got its length back is told as written to")
  func restored() throws {
    let path = try folder.write(content(5 * page), to: "a")
    let file = try MappedFile(path: path)
    try cut(path, to: page)
    _ = sum(file, 0..<5 * page)
    try cut(path, to: 5 * page)
    #expect(file.change == .written)
  }

  @Test("a page that cannot be read although the file has its length and time is told with its place")
  func unreadable() throws {
    let path = try folder.write(content(5 * page), to: "a")
    // A time without nanoseconds can be given back exactly.
    let time = Date(timeIntervalSince1970: 1_700_000_000)
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    let file = try MappedFile(path: path)
    try cut(path, to: page)
    _ = sum(file, 2 * page + 5..<2 * page + 6)
    try cut(path, to: 5 * page)
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
    #expect(file.change == .unreadable(at: 2 * page))
  }

  @Test("a lost file takes no other with it, and its place in the guard is as good as new")
  func others() throws {
    let (lost, whole) = (try folder.write(content(4 * page), to: "lost"), try folder.write(content(4 * page), to: "whole"))
    for _ in 0..<3 {
      try folder.write(content(4 * page), to: "lost")
      let (a, b) = (try MappedFile(path: lost), try MappedFile(path: whole))
      try cut(lost, to: 0)
      #expect(sum(a, 0..<4 * page) == 0)
      #expect(sum(b, 0..<4 * page) == content(4 * page).reduce(0) { $0 + Int($1) })
      #expect(a.change == .cut(to: 0) && b.change == nil)
    }
  }

  @Test("files may be opened and closed by some threads while others meet lost pages")
  func threads() throws {
    let folder = self.folder
    let (page, content) = (self.page, content(3 * page))
    for i in 0..<8 { try folder.write(content, to: "file\(i)") }
    DispatchQueue.concurrentPerform(iterations: 8) { i in
      let path = folder.path(of: "file\(i)")
      for round in 0..<200 {
        guard let file = try? MappedFile(path: path) else { continue }
        let isCut = (round + i) % 2 == 0
        if isCut { unsafe truncate(path, off_t(page)) }
        let wanted = isCut ? 0 : Int(content[2 * page])
        #expect(sum(file, 2 * page..<2 * page + 1) == wanted)
        #expect((file.change != nil) == isCut)
        if isCut, let handle = FileHandle(forWritingAtPath: path) { handle.write(Data(content)) }
      }
    }
  }

  #if os(Linux)
    @Test("a lost page of somebody else's mapping ends the process, as without the guard")
    func foreign() async throws {
      await #expect(processExitsWith: .signal(SIGBUS)) {
        MappingGuard.allow()
        let folder = TemporaryFolder()
        let path = try folder.write([UInt8](repeating: 1, count: 8192), to: "a")
        let file = try MappedFile(path: path)
        let descriptor = unsafe open(path, O_RDONLY)
        let other = unsafe try #require(mmap(nil, 8192, PROT_READ, MAP_PRIVATE, descriptor, 0))
        unsafe truncate(path, 0)
        let lost = unsafe other.load(fromByteOffset: 4096, as: UInt8.self)
        exit(file.size == 8192 && lost == 0 ? 0 : 1)
      }
    }

    @Test("a SIGBUS that another process sends ends this one")
    func sent() async throws {
      await #expect(processExitsWith: .signal(SIGBUS)) {
        MappingGuard.allow()
        let folder = TemporaryFolder()
        let file = try MappedFile(path: try folder.write([1], to: "a"))
        kill(getpid(), SIGBUS)
        // It may come to another thread.
        sleep(10)
        exit(Int32(file.size))
      }
    }

    @Test("without being allowed, the guard takes no signal: a cut file ends the process")
    func notAllowed() async {
      await #expect(processExitsWith: .signal(SIGBUS)) {
        let folder = TemporaryFolder()
        let path = try folder.write([UInt8](repeating: 1, count: 8192), to: "a")
        let file = try MappedFile(path: path)
        unsafe truncate(path, 0)
        exit(file.withBytes(in: 0..<8192) { unsafe Int32($0.unsafeLoad(fromByteOffset: 4096, as: UInt8.self)) })
      }
    }

    @Test("without being allowed, files are mapped, also where reading is asked for")
    func notAllowedToRead() async {
      await #expect(processExitsWith: .exitCode(7)) {
        let folder = TemporaryFolder()
        let file = try MappedFile(path: try folder.write([1], to: "a"), access: .reading)
        exit(file.access == .mapping ? 7 : 1)
      }
    }
  #endif
}
