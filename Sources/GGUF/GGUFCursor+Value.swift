internal import TensorFiles

extension GGUFCursor {
  /// Texts up to this many bytes are kept.
  static let longestText: UInt64 = 1 << 16
  /// Arrays up to this many elements are kept.
  static let longestArray: UInt64 = 4096

  /// The types of values, by their numbers in files.
  private enum Kind: UInt32 {
    case u8, i8, u16, i16, u32, i32, f32, bool, string, array, u64, i64, f64

    /// The bytes of a value; nil for those of any length.
    var size: UInt64? {
      switch self {
      case .u8, .i8, .bool: 1
      case .u16, .i16: 2
      case .u32, .i32, .f32: 4
      case .u64, .i64, .f64: 8
      case .string, .array: nil
      }
    }
  }

  /// The type and the value of `key`.
  mutating func value(of key: String) throws(GGUFError) -> GGUFValue {
    let kind = try kind(of: key)
    return kind == .array ? try array(of: key) : try value(kind, of: key)
  }

  private mutating func kind(of key: String) throws(GGUFError) -> Kind {
    let start = position
    let number = try integer("the type of \(named(key))", as: UInt32.self)
    guard let kind = Kind(rawValue: number) else {
      throw GGUFError(.value, "the value of \(named(key)) has type \(number), which the format does not have", byteOffset: start)
    }
    return kind
  }

  private mutating func array(of key: String) throws(GGUFError) -> GGUFValue {
    let start = position
    let kind = try kind(of: key)
    guard kind != .array else {
      throw GGUFError(.value, "the value of \(named(key)) is an array of arrays", byteOffset: start)
    }
    let count = try integer("the length of \(named(key))", as: UInt64.self)
    guard let size = kind.size else {
      // Each text has a length of eight bytes at least.
      guard count <= UInt64(rest) / 8 else {
        throw GGUFError(.value, "\(named(key)) has \(count) texts, more than the file can hold", byteOffset: start)
      }
      guard count <= 64 else {
        for _ in 0..<count { _ = try textRange("a text of \(named(key))") }
        return .long(count: count)
      }
      return .array(try elements(kind, Int(count), of: key))
    }
    guard count <= Self.longestArray else {
      try skip(count, of: size, "the array \(named(key))")
      return .long(count: count)
    }
    guard count <= UInt64(rest) / size else {
      throw GGUFError(.value, "\(named(key)) has \(count) elements, more than the file can hold", byteOffset: start)
    }
    return .array(try elements(kind, Int(count), of: key))
  }

  private mutating func elements(_ kind: Kind, _ count: Int, of key: String) throws(GGUFError) -> [GGUFValue] {
    var elements: [GGUFValue] = []
    for _ in 0..<count { elements.append(try value(kind, of: key)) }
    return elements
  }

  private mutating func value(_ kind: Kind, of key: String) throws(GGUFError) -> GGUFValue {
    let (start, what) = (position, "the value of \(named(key))")
    switch kind {
    case .u8: return .unsigned(UInt64(try integer(what, as: UInt8.self)))
    case .u16: return .unsigned(UInt64(try integer(what, as: UInt16.self)))
    case .u32: return .unsigned(UInt64(try integer(what, as: UInt32.self)))
    case .u64: return .unsigned(try integer(what, as: UInt64.self))
    case .i8: return .signed(Int64(try integer(what, as: Int8.self)))
    case .i16: return .signed(Int64(try integer(what, as: Int16.self)))
    case .i32: return .signed(Int64(try integer(what, as: Int32.self)))
    case .i64: return .signed(try integer(what, as: Int64.self))
    case .f32: return .float(Double(Float(bitPattern: try integer(what, as: UInt32.self))))
    case .f64: return .float(Double(bitPattern: try integer(what, as: UInt64.self)))
    case .bool:
      let byte = try integer(what, as: UInt8.self)
      guard byte < 2 else { throw GGUFError(.value, "\(what) is a truth value of \(byte)", byteOffset: start) }
      return .bool(byte == 1)
    case .string:
      let range = try textRange(what)
      guard range.count <= Self.longestText else { return .long(count: UInt64(range.count)) }
      guard let text = text(range) else {
        throw GGUFError(.value, "\(what) is not valid UTF-8", byteOffset: range.lowerBound)
      }
      return .string(text)
    case .array: preconditionFailure("arrays are read by array(of:)")
    }
  }

  private func named(_ key: String) -> String { "\"\(TensorName(String(key.prefix(80))))\"" }
}
