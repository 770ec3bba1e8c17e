/// The value of a key.
package enum GGUFValue: Sendable, Equatable {
  /// U8, U16, U32, U64.
  case unsigned(UInt64)
  /// I8, I16, I32, I64.
  case signed(Int64)
  /// F32, F64.
  case float(Double)
  /// A byte 0 or 1.
  case bool(Bool)
  /// A text.
  case string(String)
  /// A short array.
  case array([GGUFValue])
  /// An array or a text that is too long to be kept: a vocabulary, merges, a chat template. Its number of elements or bytes.
  case long(count: UInt64)

  /// The number, if it is whole, positive or zero, and fits an Int.
  package var integer: Int? {
    switch self {
    case .unsigned(let value): Int(exactly: value)
    case .signed(let value): value >= 0 ? Int(exactly: value) : nil
    default: nil
    }
  }

  /// The number, if it is one.
  package var double: Double? {
    switch self {
    case .unsigned(let value): Double(value)
    case .signed(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  /// The text, if it is one.
  package var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The number of elements of an array, or of bytes of a long text.
  package var count: UInt64? {
    switch self {
    case .array(let elements): UInt64(elements.count)
    case .long(let count): count
    default: nil
    }
  }

  /// The value in metadata.
  var words: String {
    switch self {
    case .unsigned(let value): "\(value)"
    case .signed(let value): "\(value)"
    case .float(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .string(let text): text
    case .array(let elements): "[\(elements.map(\.words).joined(separator: ", "))]"
    case .long(let count): "\(count) elements"
    }
  }
}
