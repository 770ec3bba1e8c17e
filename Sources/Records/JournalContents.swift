package import SystemPackage

/// The positions of the lines of a journal, up to the first incomplete line. Reads a megabyte at a time.
package struct JournalContents {
  /// The key of a line with a model's fingerprint.
  package static let model = "model"

  /// The file's size, and the end of its last complete line.
  package private(set) var size = 0
  package private(set) var end = 0
  /// False when the file does not begin like a journal.
  package private(set) var isJournal = true
  /// Ranges of bytes by key, without the line's end.
  package private(set) var lines: [String: Range<Int>] = [:]
  /// Numbers by fingerprint.
  package private(set) var models: [String: Int] = [:]

  package init(_ descriptor: FileDescriptor, title: String) throws {
    let title = Array(title.utf8)
    let head = try Self.read(descriptor, 0..<title.count)
    size = Int(try descriptor.seek(offset: 0, from: .end))
    isJournal = title.starts(with: head)
    guard head == title else { return }
    end = title.count
    var (line, at): ([UInt8], Int) = ([], end)
    while true {
      let block = try Self.read(descriptor, at..<at + 1 << 20)
      if block.isEmpty { return }
      at += block.count
      var rest = block[...]
      while let stop = rest.firstIndex(of: 0x0A) {
        line += rest[..<stop]
        rest = rest[(stop + 1)...]
        guard let found = JournalLine(bytes: line[...]) else { return }
        take(found, end..<end + line.count)
        end += line.count + 1
        line.removeAll(keepingCapacity: true)
      }
      line += rest
    }
  }

  private mutating func take(_ line: JournalLine, _ range: Range<Int>) {
    if line.key == Self.model {
      let fingerprint = String(decoding: line.record, as: UTF8.self)
      // A repeated fingerprint keeps its number.
      if models[fingerprint] == nil { models[fingerprint] = models.count }
    } else {
      lines[line.key] = range
    }
  }

  /// Bytes of a file; fewer at its end.
  package static func read(_ descriptor: FileDescriptor, _ range: Range<Int>) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < range.count {
      var part = [UInt8](repeating: 0, count: range.count - bytes.count)
      let offset = Int64(range.lowerBound + bytes.count)
      // The buffer is used during the call only.
      let count = try unsafe part.withUnsafeMutableBytes { try unsafe descriptor.read(fromAbsoluteOffset: offset, into: $0) }
      if count == 0 { break }
      if count == range.count { return part }
      bytes += part[..<count]
    }
    return bytes
  }
}
