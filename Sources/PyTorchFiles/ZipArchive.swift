internal import TensorFiles

/// The directory of a zip archive. Data stay where they are: an entry is a range of the file.
///
/// ```swift
/// let archive = try ZipArchive(ByteReader(bytes))
/// try archive.entry("archive/data.pkl")?.data  // 64..<1001
/// ```
///
/// Source: PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.5.3.
struct ZipArchive {
  /// The start of every archive that has an entry.
  static let magic: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  /// The entries, in the order of their data.
  private(set) var entries: [ZipEntry] = []
  private var places: [TensorName: Int] = [:]

  /// Reads the directory and the header of each entry, and checks that no two share a byte. Reads no data.
  /// O(bytes of the directory + entries · log entries).
  init(_ reader: ByteReader) throws(PyTorchError) {
    let end = try ZipEnd(reader)
    try reader.ensure([end.directory])
    var position = end.directory.lowerBound
    var found: [ZipEntry] = []
    for _ in 0..<end.count { found.append(try ZipEntry(reader, at: &position, before: end.directory.upperBound)) }
    try locate(&found, reader, before: end.directory.lowerBound)
    entries = found
    for (place, entry) in entries.enumerated() {
      guard places.updateValue(place, forKey: TensorName(entry.name)) == nil else {
        throw PyTorchError(
          .entry, "the archive has two entries \"\(TensorName(entry.name))\"", byteOffset: entry.byteOffset)
      }
    }
  }

  /// The entry with this name; nil when there is none. O(1).
  func entry(_ name: String) -> ZipEntry? { places[TensorName(name)].map { entries[$0] } }

  /// Finds the data of each entry behind its own header, and sorts the entries by them.
  private func locate(_ entries: inout [ZipEntry], _ reader: ByteReader, before limit: Int) throws(PyTorchError) {
    entries.sort { ($0.header, $0.byteOffset) < ($1.header, $1.byteOffset) }
    for entry in entries where entry.header > UInt64(limit) || UInt64(limit) - entry.header < 30 {
      throw PyTorchError(
        .entry, "the entry \"\(TensorName(entry.name))\" begins at byte \(entry.header), outside the data of the archive",
        byteOffset: entry.byteOffset)
    }
    try reader.ensure(entries.map { Int($0.header)..<Int($0.header) + 30 })
    var free = 0
    for place in entries.indices {
      let entry = entries[place]
      let header = Int(entry.header)
      guard header >= free else {
        throw PyTorchError(.overlap, "the entry \"\(TensorName(entry.name))\" overlaps another one", byteOffset: header)
      }
      guard reader.integer(at: header, as: UInt32.self) == 0x0403_4B50 else {
        throw PyTorchError(.entry, "the entry \"\(TensorName(entry.name))\" has no header", byteOffset: header)
      }
      let start =
        header + 30 + Int(reader.integer(at: header + 26, as: UInt16.self))
        + Int(reader.integer(at: header + 28, as: UInt16.self))
      guard start <= limit, entry.storedSize <= UInt64(limit - start) else {
        throw PyTorchError(
          .entry,
          "the entry \"\(TensorName(entry.name))\" has \(entry.storedSize) bytes from byte \(start), more than the "
            + "archive has", byteOffset: entry.byteOffset)
      }
      entries[place].data = start..<start + Int(entry.storedSize)
      free = entries[place].data.upperBound
    }
  }
}
