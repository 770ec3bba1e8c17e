import Foundation
import TestKit
import Testing

@testable import MemoryMapping

/// What stays in the page cache and in the process's page tables.
@Suite struct ResidencyTests {
  private static let pages = 256
  private let folder = TemporaryFolder()

  /// False on a file system in memory, or where the system does not tell.
  private static let canEvict: Bool = {
    let folder = TemporaryFolder()
    guard let path = try? folder.write([UInt8](repeating: 1, count: PageCache.pageSize), to: "a") else { return false }
    return PageCache.evict(path)
  }()

  private func file() throws -> MappedFile {
    let content = (0..<Self.pages * PageCache.pageSize).map { UInt8(truncatingIfNeeded: $0 / PageCache.pageSize) }
    return try MappedFile(path: folder.write(content, to: "a"))
  }

  /// Reads a byte of every page; false when one is not the file's.
  private func touch(_ file: MappedFile) -> Bool {
    file.withBytes(in: 0..<file.size) { bytes in
      (0..<Self.pages).allSatisfy { page in
        unsafe bytes.unsafeLoad(fromByteOffset: page * PageCache.pageSize, as: UInt8.self) == UInt8(truncatingIfNeeded: page)
      }
    }
  }

  private func mappedPages(_ file: MappedFile) -> Int? {
    let start = unsafe UInt(bitPattern: file.bytes(in: 0..<file.size).baseAddress)
    return PageCache.mappedPages(at: start, count: Self.pages)
  }

  @Test("a page is resident exactly when the page cache has it", .enabled(if: canEvict))
  func residency() throws {
    let file = try file()
    #expect(PageCache.evict(file.path))
    let read = Set([0, 17, 100, 255])
    PageCache.read(file.path, pages: read)
    for page in 0..<Self.pages {
      let (first, last) = (page * PageCache.pageSize, (page + 1) * PageCache.pageSize - 1)
      #expect(
        file.isResident(at: first) == read.contains(page) && file.isResident(at: last) == read.contains(page), "page \(page)")
    }
  }

  @Test(
    "pages given back leave the process and stay in the page cache, and their bytes with them", .enabled(if: canEvict),
    arguments: [false, true])
  func givenBack(retiring: Bool) throws {
    let file = try file()
    #expect(touch(file) && mappedPages(file) == Self.pages)
    let (first, last) = (10 * PageCache.pageSize, 20 * PageCache.pageSize)
    // Half pages at both ends belong to others too.
    let range = first - 5..<last + 5
    if retiring { file.retire(range) } else { file.release(range) }
    let left = try #require(mappedPages(file))
    // Of a large page of which a part goes back the system unmaps the rest too.
    #expect(left <= Self.pages - 10, "\(left) pages are left")
    #expect(PageCache.residentPages(file.path) == Self.pages)
    #expect(touch(file) && mappedPages(file) == Self.pages)
    if retiring { file.retire(-7..<2 * file.size) } else { file.release(-7..<2 * file.size) }
    #expect(mappedPages(file) == 0)
    #expect(PageCache.residentPages(file.path) == Self.pages && touch(file))
  }

  @Test("to give back what was never read does nothing")
  func untouched() throws {
    let file = try file()
    file.retire(0..<file.size)
    file.retire(5..<5)
    file.release(0..<0)
    #expect(touch(file))
  }
}
