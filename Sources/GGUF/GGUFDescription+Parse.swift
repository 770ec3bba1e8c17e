package import TensorFiles

extension GGUFDescription {
  /// The maximum number of tensors, and of keys. Published models have some thousand.
  static let mostEntries: UInt64 = 1 << 20
  /// The maximum size of the description in bytes; vocabularies take some ten millions.
  static let limit = 1 << 29

  /// The description of `bytes`: reads it, fetching it first if the file is remote, and checks every rule of the format.
  ///
  /// Allocates nothing before it has checked the lengths. O(bytes of the description + tensors · log tensors).
  package init(of bytes: FileBytes) throws(GGUFError) {
    var cursor = GGUFCursor(bytes)
    let (keys, infos) = try readCounts(&cursor)
    try readValues(keys, &cursor)
    let entries = try Self.infos(infos, &cursor)
    end = cursor.position
    try layOut(entries, fileSize: bytes.size)
  }

  /// Magic bytes, version, and the numbers of keys and tensors.
  private mutating func readCounts(_ cursor: inout GGUFCursor) throws(GGUFError) -> (keys: UInt64, tensors: UInt64) {
    let magic = try cursor.integer("the magic number", as: UInt32.self)
    guard magic == 0x4655_4747 else {
      throw GGUFError(
        magic.byteSwapped == 0x4655_4747 ? .byteOrder : .length, "the file does not begin with GGUF", byteOffset: 0)
    }
    version = try cursor.integer("the version")
    if version & 0xFFFF == 0, version != 0 {
      throw GGUFError(.byteOrder, "its numbers have the highest byte first (version \(version.byteSwapped))", byteOffset: 4)
    }
    guard version == 2 || version == 3 else {
      throw GGUFError(.version, "version \(version) of the format; 2 and 3 are read", byteOffset: 4)
    }
    let tensors = try cursor.integer("the number of tensors", as: UInt64.self)
    let keys = try cursor.integer("the number of keys", as: UInt64.self)
    // A tensor takes 24 bytes of the description at least, a key 13.
    guard tensors <= min(Self.mostEntries, UInt64(cursor.rest) / 24) else {
      throw GGUFError(.count, "states \(tensors) tensors, more than the file can describe", byteOffset: 8)
    }
    guard keys <= min(Self.mostEntries, UInt64(cursor.rest) / 13) else {
      throw GGUFError(.count, "states \(keys) keys, more than the file can hold", byteOffset: 16)
    }
    return (keys, tensors)
  }

  private mutating func readValues(_ count: UInt64, _ cursor: inout GGUFCursor) throws(GGUFError) {
    var known: Set<TensorName> = []
    for _ in 0..<count {
      let range = try cursor.textRange("a key")
      guard range.count <= GGUFCursor.longestText, let key = cursor.text(range) else {
        throw GGUFError(.key, "a key of \(range.count) bytes is too long or not valid UTF-8", byteOffset: range.lowerBound)
      }
      guard known.insert(TensorName(key)).inserted else {
        throw GGUFError(
          .key, "the key \"\(TensorName(String(key.prefix(80))))\" occurs twice", byteOffset: range.lowerBound)
      }
      values.append((key, try cursor.value(of: key)))
      try Self.checkLimit(cursor)
    }
  }

  private static func infos(_ count: UInt64, _ cursor: inout GGUFCursor) throws(GGUFError) -> [GGUFTensorInfo] {
    var infos: [GGUFTensorInfo] = []
    var known: Set<TensorName> = []
    for _ in 0..<count {
      let info = try GGUFTensorInfo(&cursor)
      guard known.insert(info.name).inserted else {
        throw GGUFError(.name, "occurs twice", tensor: info.name, byteOffset: info.byteOffset)
      }
      infos.append(info)
      try checkLimit(cursor)
    }
    return infos
  }

  private static func checkLimit(_ cursor: GGUFCursor) throws(GGUFError) {
    guard cursor.position <= limit else {
      throw GGUFError(.count, "the description has more than \(limit) bytes", byteOffset: cursor.position)
    }
  }
}
