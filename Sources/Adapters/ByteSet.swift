/// A set of byte values.
struct ByteSet: Sendable {
  private var words = SIMD4<UInt64>()

  init() {}

  init(_ bytes: some Sequence<UInt8>) { for byte in bytes { insert(byte) } }

  mutating func insert(_ byte: UInt8) { words[Int(byte >> 6)] |= 1 << UInt64(byte & 63) }

  func contains(_ byte: UInt8) -> Bool { words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1 }

  mutating func formUnion(_ other: ByteSet) { words |= other.words }

  /// The complement of the set.
  var inverted: ByteSet {
    var copy = self
    copy.words = ~words
    return copy
  }
}

extension ByteSet {
  /// `\d`.
  static let digits = ByteSet(UInt8(ascii: "0")...UInt8(ascii: "9"))
  /// `\s`.
  static let spaces = ByteSet([9, 10, 11, 12, 13, 28, 29, 30, 31, 32])
  /// ASCII letters.
  static let letters = ByteSet(
    Array(UInt8(ascii: "a")...UInt8(ascii: "z")) + Array(UInt8(ascii: "A")...UInt8(ascii: "Z")))
  /// `\w`, for ASCII.
  static let words: ByteSet = {
    var set = letters
    set.formUnion(digits)
    set.insert(UInt8(ascii: "_"))
    return set
  }()
}
