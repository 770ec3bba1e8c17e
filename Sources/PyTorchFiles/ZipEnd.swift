/// The end of an archive, which says where its directory is.
struct ZipEnd {
  /// The maximum number of entries. Published models have some thousand.
  private static let mostEntries = 1 << 20
  /// The maximum size of the directory in bytes.
  private static let limit = 1 << 28

  /// The bytes of the directory.
  let directory: Range<Int>
  /// The number of entries.
  let count: Int

  /// Finds the end record in the last 64 KB, and the 64-bit one before it where it is needed.
  init(_ reader: ByteReader) throws(PyTorchError) {
    guard let end = try Self.position(reader) else {
      throw PyTorchError(.directory, "the file does not end with the directory of a zip archive", byteOffset: reader.size)
    }
    var count = UInt64(reader.integer(at: end + 10, as: UInt16.self))
    var size = UInt64(reader.integer(at: end + 12, as: UInt32.self))
    var start = UInt64(reader.integer(at: end + 16, as: UInt32.self))
    var limit = end
    if count == 0xFFFF || size == 0xFFFF_FFFF || start == 0xFFFF_FFFF {
      limit = try Self.longRecord(reader, before: end)
      count = reader.integer(at: limit + 32)
      size = reader.integer(at: limit + 40)
      start = reader.integer(at: limit + 48)
    }
    guard start <= UInt64(limit), size <= UInt64(limit) - start else {
      throw PyTorchError(
        .directory, "the directory (\(size) bytes from byte \(start)) is not inside the archive", byteOffset: limit)
    }
    guard size <= UInt64(Self.limit), count <= min(UInt64(Self.mostEntries), size / 46) else {
      throw PyTorchError(
        .directory, "states \(count) entries in a directory of \(size) bytes, more than it can hold", byteOffset: limit)
    }
    directory = Int(start)..<Int(start + size)
    self.count = Int(count)
  }

  /// The start of the end record: its comment ends where the file ends.
  private static func position(_ reader: ByteReader) throws(PyTorchError) -> Int? {
    guard reader.size >= 22 else { return nil }
    let tail = max(0, reader.size - 22 - 0xFFFF)..<reader.size
    try reader.ensure([max(0, tail.lowerBound - 76)..<reader.size])
    let bytes = reader.copy(tail)
    return (0...bytes.count - 22).reversed().first { place in
      bytes[place..<place + 4].elementsEqual([0x50, 0x4B, 0x05, 0x06])
        && place + 22 + Int(bytes[place + 20]) + Int(bytes[place + 21]) << 8 == bytes.count
    }.map { tail.lowerBound + $0 }
  }

  /// The start of the 64-bit record that the locator before the end record names.
  private static func longRecord(_ reader: ByteReader, before end: Int) throws(PyTorchError) -> Int {
    guard end >= 76, reader.integer(at: end - 20, as: UInt32.self) == 0x0706_4B50 else {
      throw PyTorchError(.directory, "the archive needs 64-bit sizes and does not have them", byteOffset: end)
    }
    let place = reader.integer(at: end - 12, as: UInt64.self)
    guard place <= UInt64(end - 76) else {
      throw PyTorchError(.directory, "the 64-bit end record (byte \(place)) is not inside the archive", byteOffset: end - 20)
    }
    try reader.ensure([Int(place)..<Int(place) + 56])
    guard reader.integer(at: Int(place), as: UInt32.self) == 0x0606_4B50 else {
      throw PyTorchError(.directory, "the archive has no 64-bit end record", byteOffset: Int(place))
    }
    return Int(place)
  }
}
