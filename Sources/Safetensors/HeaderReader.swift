internal import ElementTypes
internal import JSON
internal import ReadingFacts
internal import TensorFiles

/// Collects the entries and the metadata of a header while its JSON is read.
///
/// For a repeated tensor name, the last entry counts, as in the reference; the types of all entries are checked.
struct HeaderReader {
  private(set) var metadata: [(key: String, value: String)]?
  private(set) var warnings: [FileFact] = []
  /// The entry being read, for error messages.
  private(set) var currentName: TensorName?
  private var found: [HeaderEntry] = []
  private var positions = NamePositions()
  private var sawMetadata = false
  // Nearly all tensors of a file have the same type as the previous tensor.
  private var lastType: (name: String, type: ElementType)?

  /// The entries, in the order of their first mention.
  consuming func entries() -> [HeaderEntry] { found }

  mutating func read(_ scanner: inout JSONScanner) throws(JSONError) {
    try scanner.expect("{")
    if try !scanner.take("}") {
      repeat {
        let key = try scanner.stringToken()
        if try scanner.token(key, is: "__metadata__") {
          currentName = nil
          guard !sawMetadata else { throw scanner.failure("a second __metadata__", at: key.range.lowerBound) }
          sawMetadata = true
          try scanner.expect(":")
          metadata = try Self.metadata(&scanner)
        } else {
          let name = TensorName(try scanner.value(of: key))
          currentName = name
          try scanner.expect(":")
          add(try entry(&scanner, name: name))
        }
        currentName = nil
      } while try scanner.continues(until: "}")
    }
    try scanner.finish()
  }

  private mutating func add(_ entry: HeaderEntry) {
    if let position = positions.position(of: entry.name, next: found.count) {
      found[position] = entry
      warn(.repeatedTensor(entry.name.description))
    } else {
      found.append(entry)
    }
  }

  private mutating func warn(_ fact: FileFact) {
    // A malicious header could cause millions of warnings.
    if warnings.count < 20 { warnings.append(fact) }
  }

  /// The value of `__metadata__`: null, or an object of strings.
  private static func metadata(_ scanner: inout JSONScanner) throws(JSONError) -> [(key: String, value: String)]? {
    if try scanner.peek() == UInt8(ascii: "n") {
      try scanner.word("null")
      return nil
    }
    var pairs: [(key: String, value: String)] = []
    var positions = NamePositions()
    try scanner.expect("{")
    if try scanner.take("}") { return pairs }
    repeat {
      let key = try scanner.string()
      try scanner.expect(":")
      let value = try scanner.string()
      if let position = positions.position(of: TensorName(key), next: pairs.count) {
        pairs[position].value = value
      } else {
        pairs.append((key, value))
      }
    } while try scanner.continues(until: "}")
    return pairs
  }

  /// One tensor's value: an object, or the array `[dtype, shape, data_offsets]`, which the reference accepts by accident.
  private mutating func entry(_ scanner: inout JSONScanner, name: TensorName) throws(JSONError) -> HeaderEntry {
    let opening = try scanner.peek()
    let start = scanner.position
    var type: ElementType?
    var shape: [UInt64]?
    var offsets: (UInt64, UInt64)?
    if opening == UInt8(ascii: "[") {
      scanner.advance()
      type = try self.type(&scanner)
      try scanner.expect(",")
      shape = try Self.shape(&scanner)
      try scanner.expect(",")
      offsets = try Self.offsets(&scanner)
      try scanner.expect("]")
      warn(.tensorDescribedByArray(name.description))
    } else {
      try scanner.expect("{")
      if try !scanner.take("}") {
        repeat {
          let key = try scanner.stringToken()
          try scanner.expect(":")
          if try scanner.token(key, is: "dtype") {
            guard type == nil else { throw scanner.failure("dtype is repeated", at: key.range.lowerBound) }
            type = try self.type(&scanner)
          } else if try scanner.token(key, is: "shape") {
            guard shape == nil else { throw scanner.failure("shape is repeated", at: key.range.lowerBound) }
            shape = try Self.shape(&scanner)
          } else if try scanner.token(key, is: "data_offsets") {
            guard offsets == nil else { throw scanner.failure("data_offsets is repeated", at: key.range.lowerBound) }
            offsets = try Self.offsets(&scanner)
          } else {
            try scanner.skipValue(depth: 2)
          }
        } while try scanner.continues(until: "}")
      }
    }
    guard let type else { throw scanner.failure("dtype is missing", at: start) }
    guard let shape else { throw scanner.failure("shape is missing", at: start) }
    guard let (begin, end) = offsets else { throw scanner.failure("data_offsets is missing", at: start) }
    return HeaderEntry(name: name, type: type, shape: shape, begin: begin, end: end, byteOffset: start)
  }

  /// A dtype: its name, or `{"name": null}`, which the reference accepts by accident.
  private mutating func type(_ scanner: inout JSONScanner) throws(JSONError) -> ElementType {
    let isObject = try scanner.take("{")
    let token = try scanner.stringToken()
    let name = try scanner.value(of: token)
    let type: ElementType
    if let lastType, lastType.name == name {
      type = lastType.type
    } else if let found = ElementType(name: name) {
      type = found
      lastType = (name, found)
    } else {
      throw scanner.failure("unknown dtype \"\(TensorName(String(name.prefix(40))))\"", at: token.range.lowerBound - 1)
    }
    if isObject {
      try scanner.expect(":")
      _ = try scanner.peek()
      try scanner.word("null")
      try scanner.expect("}")
      warn(.typeWrittenAsObject)
    }
    return type
  }

  private static func shape(_ scanner: inout JSONScanner) throws(JSONError) -> [UInt64] {
    try scanner.expect("[")
    if try scanner.take("]") { return [] }
    var shape: [UInt64] = []
    repeat { shape.append(try scanner.unsignedInteger("a dimension")) } while try scanner.continues(until: "]")
    return shape
  }

  private static func offsets(_ scanner: inout JSONScanner) throws(JSONError) -> (UInt64, UInt64) {
    try scanner.expect("[")
    let begin = try scanner.unsignedInteger("a data offset")
    try scanner.expect(",")
    let end = try scanner.unsignedInteger("a data offset")
    try scanner.expect("]")
    return (begin, end)
  }
}
