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

#if os(Linux)
  /// Files that are read block by block instead of mapped.
  @Suite struct FileAccessTests {
    private static let block = 1 << 21
    private let folder = TemporaryFolder()

    init() { MappingGuard.allow() }

    private func content(_ count: Int) -> [UInt8] {
      // Neither blocks nor pages are alike.
      (0..<count).map { UInt8(truncatingIfNeeded: $0 % 251 + $0 / 4096 + 1) }
    }

    private func bytes(_ file: MappedFile, _ range: Range<Int>) -> [UInt8] {
      file.withBytes(in: range) { span in
        range.indices.map { unsafe span.unsafeLoad(fromByteOffset: $0 - range.lowerBound, as: UInt8.self) }
      }
    }

    @Test(
      "the bytes are those of a mapping, wherever blocks and the file end",
      arguments: [1, 4095, 4096, block - 1, block, block + 1, 2 * block + 77])
    func sizes(size: Int) throws {
      let content = content(size)
      let path = try folder.write(content, to: "a")
      let file = try MappedFile(path: path, access: .reading)
      #expect(file.access == .reading && file.size == size)
      // From the end, across the borders, then all.
      for place in [size - 1, Self.block, Self.block - 1, 4096, 0] where place < size {
        #expect(bytes(file, place..<min(place + 3, size)) == Array(content[place..<min(place + 3, size)]))
      }
      let isEqual = try file.withBytes(in: 0..<size) { a in
        try MappedFile(path: path, access: .mapping).withBytes(in: 0..<size) { b in
          (0..<size).allSatisfy {
            unsafe a.unsafeLoad(fromByteOffset: $0, as: UInt8.self) == b.unsafeLoad(fromByteOffset: $0, as: UInt8.self)
          }
        }
      }
      #expect(isEqual && file.change == nil)
    }

    @Test("an empty file is read as no bytes")
    func empty() throws {
      let file = try MappedFile(path: folder.write([], to: "a"), access: .reading)
      #expect(bytes(file, 0..<0).isEmpty && file.change == nil)
    }

    @Test("what is given back comes again")
    func release() throws {
      let content = content(3 * Self.block)
      let file = try MappedFile(path: folder.write(content, to: "a"), access: .reading)
      let range = Self.block - 10_000..<2 * Self.block + 10_000
      for _ in 0..<3 {
        #expect(bytes(file, range) == Array(content[range]))
        file.release(range)
        file.retire(0..<file.size)
        file.willNeed(range)
        file.sequential()
        #expect(!file.populate(range) && file.isResident(at: 0))
      }
    }

    @Test("threads that touch more blocks than are kept read the right bytes, and the memory stays bounded")
    func eviction() throws {
      // A file without content but for a number a block, and with more blocks than are kept.
      let blocks = 350
      let path = folder.path(of: "sparse")
      let handle = try #require(
        FileManager.default.createFile(atPath: path, contents: nil) ? FileHandle(forWritingAtPath: path) : nil)
      for block in 0..<blocks {
        try handle.seek(toOffset: UInt64(block * Self.block + block * 577))
        handle.write(Data([UInt8(truncatingIfNeeded: block % 255 + 1)]))
      }
      try handle.truncate(atOffset: UInt64(blocks * Self.block))
      let file = try MappedFile(path: path, access: .reading)
      let before = Self.anonymousBytes
      DispatchQueue.concurrentPerform(iterations: 3) { thread in
        var random = SeededGenerator(UInt64(thread))
        for round in 0..<blocks {
          // Two walk side by side, one jumps.
          let block = thread > 0 ? round : Int(random.uniform() * Double(blocks))
          let place = block * Self.block + block * 577
          #expect(bytes(file, place..<place + 1) == [UInt8(truncatingIfNeeded: block % 255 + 1)])
        }
      }
      // 512 MB are kept; each thread holds another one while it reads; the rest is other tests'.
      #expect(Self.anonymousBytes - before < 900 << 20)
      #expect(file.change == nil)
    }

    /// Memory of this process that is of no file.
    private static var anonymousBytes: Int {
      let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon") } ?? ""
      return (Int(line.filter(\.isNumber)) ?? 0) << 10
    }

    @Test("a place in memory that a file has left is the next one's, with its own bytes")
    func places() throws {
      for round in 0..<200 {
        let content = [UInt8](repeating: UInt8(round + 1), count: Self.block + round)
        let file = try MappedFile(path: folder.write(content, to: "file\(round % 3)"), access: .reading)
        #expect(
          bytes(file, 0..<1) == [UInt8(round + 1)]
            && bytes(file, Self.block..<Self.block + round) == Array(repeating: UInt8(round + 1), count: round))
      }
    }

    @Test(
      "what a cut file has left is read as it is, what it lost as zeros, and the cut is told", arguments: [0, 1, 4096, block + 5])
    func cut(left: Int) throws {
      let content = content(3 * Self.block)
      let path = try folder.write(content, to: "a")
      let file = try MappedFile(path: path, access: .reading)
      unsafe truncate(path, off_t(left))
      #expect(bytes(file, 0..<content.count) == content.prefix(left) + [UInt8](repeating: 0, count: content.count - left))
      #expect(file.change == .cut(to: left))
    }

    @Test("a block that the system cannot read is told with its place, and the rest of the file is zeros")
    func unreadable() throws {
      let path = try folder.write(content(3 * Self.block), to: "a")
      let time = Date(timeIntervalSince1970: 1_700_000_000)
      try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
      let file = try MappedFile(path: path, access: .reading)
      #expect(bytes(file, 0..<2) == [1, 2])
      unsafe truncate(path, off_t(Self.block))
      #expect(bytes(file, Self.block + 5000..<Self.block + 5001) == [0])
      try FileHandle(forWritingAtPath: path)?.truncate(atOffset: UInt64(3 * Self.block))
      try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
      #expect(file.change == .unreadable(at: Self.block))
    }

    @Test("a wild access beside a file that is read ends the process")
    func wild() async {
      await #expect(processExitsWith: .signal(SIGSEGV)) {
        MappingGuard.allow()
        let folder = TemporaryFolder()
        let file = try MappedFile(path: try folder.write([1], to: "a"), access: .reading)
        let first = file.withBytes(in: 0..<1) { unsafe $0.unsafeLoad(fromByteOffset: 0, as: UInt8.self) }
        let nowhere = unsafe try #require(mmap(nil, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
        exit(unsafe Int32(first &+ nowhere.load(as: UInt8.self)))
      }
    }

    @Test(
      "file systems of the network are read, local ones are mapped",
      arguments: [
        (0x6969, FileAccess.reading), (0xFF53_4D42, .reading), (0x6573_5546, .reading), (0xEF53, .mapping),
        (0x5846_5342, .mapping),
        (0x9123_683E, .mapping), (0x0102_1994, .mapping), (0x794C_7630, .mapping), (0, .mapping),
      ])
    func fileSystems(number: Int, access: FileAccess) {
      #expect(FileAccess(fileSystem: UInt32(number)) == access)
    }
  }
#endif
