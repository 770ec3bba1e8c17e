internal import TensorFiles

extension ZipEntry {
  /// Reads the description at `position` of the directory, which ends at `end`, and moves behind it.
  init(_ reader: ByteReader, at position: inout Int, before end: Int) throws(PyTorchError) {
    let start = position
    guard end - start >= 46, reader.integer(at: start, as: UInt32.self) == 0x0201_4B50 else {
      throw PyTorchError(.directory, "the directory of the archive ends too early", byteOffset: start)
    }
    let (name, extra, comment) = (
      Int(reader.integer(at: start + 28, as: UInt16.self)), Int(reader.integer(at: start + 30, as: UInt16.self)),
      Int(reader.integer(at: start + 32, as: UInt16.self))
    )
    guard end - start - 46 >= name + extra + comment else {
      throw PyTorchError(.directory, "an entry ends after the directory of the archive", byteOffset: start)
    }
    guard let text = String(validating: reader.copy(start + 46..<start + 46 + name), as: UTF8.self) else {
      throw PyTorchError(.entry, "the name of an entry is not valid UTF-8", byteOffset: start + 46)
    }
    self.name = text
    method = reader.integer(at: start + 10)
    isEncrypted = reader.integer(at: start + 8, as: UInt16.self) & 1 == 1
    storedSize = UInt64(reader.integer(at: start + 20, as: UInt32.self))
    size = UInt64(reader.integer(at: start + 24, as: UInt32.self))
    header = UInt64(reader.integer(at: start + 42, as: UInt32.self))
    byteOffset = start
    try readLongSizes(reader, in: start + 46 + name..<start + 46 + name + extra)
    position = start + 46 + name + extra + comment
  }

  /// The sizes and the place in 64 bits, where those of 32 bits are full.
  private mutating func readLongSizes(_ reader: ByteReader, in fields: Range<Int>) throws(PyTorchError) {
    let full: UInt64 = 0xFFFF_FFFF
    guard size == full || storedSize == full || header == full else { return }
    var place = fields.lowerBound
    while fields.upperBound - place >= 4 {
      let kind = reader.integer(at: place, as: UInt16.self)
      let end = place + 4 + Int(reader.integer(at: place + 2, as: UInt16.self))
      guard end <= fields.upperBound else { break }
      place += 4
      if kind == 1 {
        for field in [\Self.size, \.storedSize, \.header] where self[keyPath: field] == full && end - place >= 8 {
          self[keyPath: field] = reader.integer(at: place)
          place += 8
        }
      }
      place = end
    }
    guard size != full, storedSize != full, header != full else {
      throw PyTorchError(
        .entry, "the entry \"\(TensorName(name))\" needs 64-bit sizes and does not have them", byteOffset: byteOffset)
    }
  }
}
