/// Bytes of mapped files that were read and are not needed for now. Adjacent ranges are joined, so few system calls release them.
///
/// ```swift
/// var done = MappedRanges()
/// done.insert(slice)
/// if done.byteCount > 1 << 30 { done.release() }
/// ```
///
/// Releasing pages stops every thread of the process for a moment, because threads share address translations, and a call
/// that ends inside a large page splits it. So it is better to wait until there is much to release.
package struct MappedRanges: Sendable {
  private struct Part {
    var file: FileBytes
    var bytes: Range<Int>
  }

  private var parts: [Part] = []
  /// Total number of bytes; bytes that were inserted twice count twice until the ranges are `joined`.
  package private(set) var byteCount = 0

  /// No bytes.
  package init() {}

  /// True when there is nothing to release.
  package var isEmpty: Bool { parts.isEmpty }

  /// Adds the bytes of a slice. O(1).
  package mutating func insert(_ slice: TensorSlice) {
    parts.append(Part(file: slice.file, bytes: slice.bytes))
    byteCount += slice.byteCount
  }

  /// These bytes in order, with adjacent and overlapping ranges joined, divided into about equal pieces of at most `limit` bytes;
  /// one set for each piece. O(n log n).
  package func pieces(of limit: Int) -> [MappedRanges] {
    precondition(limit > 0, "a piece has a byte at least")
    return joined.filter { !$0.bytes.isEmpty }.flatMap { part in
      let count = (part.bytes.count - 1) / limit + 1
      return (0..<count).map { i in
        let cut = { part.bytes.lowerBound + part.bytes.count / count * $0 }
        var piece = MappedRanges()
        piece.parts = [Part(file: part.file, bytes: cut(i)..<(i + 1 == count ? part.bytes.upperBound : cut(i + 1)))]
        piece.byteCount = piece.parts[0].bytes.count
        return piece
      }
    }
  }

  /// Releases the resident pages that are completely inside. One system call for each joined range.
  package func release() { for part in joined { part.file.release(part.bytes) } }

  /// Like `release`, for bytes that were read from disk: their pages are the first to leave the page cache when memory is short.
  package func retire() { for part in joined { part.file.retire(part.bytes) } }

  private var joined: [Part] {
    let sorted = parts.sorted {
      (ObjectIdentifier($0.file), $0.bytes.lowerBound) < (ObjectIdentifier($1.file), $1.bytes.lowerBound)
    }
    return sorted.reduce(into: []) { found, part in
      guard let last = found.last, last.file === part.file, part.bytes.lowerBound <= last.bytes.upperBound else {
        found.append(part)
        return
      }
      found[found.count - 1].bytes = last.bytes.lowerBound..<max(last.bytes.upperBound, part.bytes.upperBound)
    }
  }
}
