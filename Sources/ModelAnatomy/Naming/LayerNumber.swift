/// Numbers of layers and experts in names.
enum LayerNumber {
  /// The number that the ASCII `digits` represent; nil for anything but one to six digits. No model is deeper, and hashes in
  /// names are longer.
  static func parse(_ digits: some Collection<UInt8>) -> Int? {
    guard (1...6).contains(digits.count) else { return nil }
    var number = 0
    for digit in digits {
      guard isDigit(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }

  /// Whether a byte is an ASCII digit.
  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
