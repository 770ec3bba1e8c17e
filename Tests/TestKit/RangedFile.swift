import Foundation
import MemoryMapping
import Synchronization
package import TensorFiles

/// A file that is elsewhere: a range of it is here once it was asked for, and until then each of its bytes is 0xFF, which makes a
/// NaN of every floating-point number. So whatever is computed from bytes that were not asked for shows.
///
/// ```swift
/// let file = try RangedFile(builder.bytes)
/// let checkpoint = try Checkpoint(files: [SafetensorsFile(file.bytes)], name: "a")
/// file.fetched.ranges  // the header's
/// ```
package final class RangedFile: Sendable {
  /// The bytes, which this object fetches.
  package let bytes: FileBytes
  private let store: Store

  /// A file of these bytes; asking for one of the bytes `lost` fails.
  package init(_ content: [UInt8], address: String = "https://example.org/model.safetensors", lost: Range<Int>? = nil) throws {
    let folder = TemporaryFolder()
    let path = try folder.write([UInt8](repeating: 0xFF, count: content.count), to: "ranges")
    let store = try Store(content, path: path)
    self.store = store
    bytes = FileBytes(try MappedFile(filledHere: path), address: address, version: "1") { ranges throws(CheckpointError) in
      if let lost, ranges.contains(where: { $0.overlaps(lost) }) {
        throw CheckpointError(
          .io, file: address, byteOffset: lost.lowerBound, problem: "the connection broke", remedy: "try again")
      }
      store.copy(ranges)
    }
    withExtendedLifetime(folder) {}
  }

  /// The bytes that were asked for.
  package var fetched: RangeSet<Int> {
    store.requests.reduce(into: RangeSet()) { for range in $1 { $0.insert(contentsOf: range) } }
  }
  /// Number of bytes that were asked for.
  package var fetchedCount: Int { fetched.ranges.reduce(0) { $0 + $1.count } }
  /// The requests in their order, each with its ranges.
  package var requests: [[Range<Int>]] { store.requests }
}

/// What the file should hold, and the local file that gets it.
private final class Store: Sendable {
  private let content: [UInt8]
  private let file: Mutex<FileHandle>
  private let record = Mutex<[[Range<Int>]]>([])

  init(_ content: [UInt8], path: String) throws {
    self.content = content
    file = Mutex(try FileHandle(forWritingTo: URL(fileURLWithPath: path)))
  }

  var requests: [[Range<Int>]] { record.withLock { $0 } }

  func copy(_ ranges: [Range<Int>]) {
    file.withLock { file in
      for range in ranges {
        do {
          try file.seek(toOffset: UInt64(range.lowerBound))
          try file.write(contentsOf: content[range])
        } catch { fatalError("the local file cannot be written: \(error)") }
      }
    }
    record.withLock { $0.append(ranges) }
  }
}
