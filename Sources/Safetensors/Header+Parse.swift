internal import JSON

extension Header {
  /// The byte at which the header of a file of `fileSize` bytes ends, from its first 8 bytes (or all bytes if there are fewer).
  static func end(_ bytes: RawSpan, fileSize: Int) throws(HeaderError) -> Int {
    guard fileSize >= 8, bytes.byteCount >= 8 else {
      throw HeaderError(.lengthField, "the file has \(fileSize) bytes, and the length of the header alone takes 8", byteOffset: 0)
    }
    // Safe: eight bytes exist, and any bit pattern is a valid UInt64.
    let length = UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(as: UInt64.self))
    guard length <= UInt64(limit) else {
      throw HeaderError(.headerLimit, "states a header of \(length) bytes; at most \(limit) are allowed", byteOffset: 0)
    }
    let end = 8 + Int(length)
    guard end <= fileSize else {
      throw HeaderError(
        .headerLength, "says that its header ends at byte \(end), but the file has \(fileSize) bytes", byteOffset: 0)
    }
    return end
  }

  /// The header of a file of `fileSize` bytes. `bytes` are all bytes of the file or the first ones (at least the header).
  ///
  /// Checks every rule of the format in the order of the reference, and allocates nothing before it has checked the lengths.
  /// O(header bytes + tensors · log tensors).
  package static func parse(_ bytes: RawSpan, fileSize: Int) throws(HeaderError) -> Header {
    let dataStart = try end(bytes, fileSize: fileSize)
    guard dataStart <= bytes.byteCount else {
      preconditionFailure("\(bytes.byteCount) bytes of a header that ends at \(dataStart)")
    }
    if let offset = firstInvalidUTF8(bytes, in: 8..<dataStart) {
      throw HeaderError(.encoding, "the header is not valid UTF-8", byteOffset: offset)
    }
    var reader = HeaderReader()
    do {
      let text = Span<UInt8>(_bytes: bytes)
      var scanner = JSONScanner(text, from: 8, to: dataStart, rules: .strict)
      try reader.read(&scanner)
    } catch {
      throw HeaderError(.json, "header: \(error.problem)", tensor: reader.currentName, byteOffset: error.offset)
    }
    let tensors = try layOut(reader.entries(), dataStart: dataStart, fileSize: fileSize)
    return Header(tensors: tensors, metadata: reader.metadata ?? [], dataStart: dataStart, warnings: reader.warnings)
  }
}
