extension PickleMachine {
  mutating func byte(_ what: String) throws(PyTorchError) -> UInt8 {
    guard position < bytes.count else { throw failure(.length, "ends before \(what)") }
    defer { position += 1 }
    return bytes[position]
  }

  /// A number of `count` bytes, at most 8, lowest byte first.
  mutating func number(_ count: Int) throws(PyTorchError) -> UInt64 {
    guard bytes.count - position >= count else { throw failure(.length, "ends inside an argument") }
    defer { position += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
  }

  /// Moves behind `count` bytes.
  mutating func skip(_ count: UInt64) throws(PyTorchError) {
    guard count <= UInt64(bytes.count - position) else {
      throw failure(.length, "has an argument of \(count) bytes, more than the pickle has")
    }
    position += Int(count)
  }

  /// A text of `count` bytes.
  mutating func text(_ count: UInt64) throws(PyTorchError) -> String {
    let first = position
    try skip(count)
    guard let text = String(validating: bytes[first..<position], as: UTF8.self) else {
      throw failure(.text, "holds a text that is not valid UTF-8")
    }
    return text
  }

  /// The text before the next line feed.
  mutating func line() throws(PyTorchError) -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else { throw failure(.length, "ends inside a name") }
    let text = try text(UInt64(end - position))
    position = end + 1
    return text
  }

  /// A number in two's complement; nil for one of more than 64 bits.
  mutating func long() throws(PyTorchError) -> Int? {
    let count = try Int(byte("a length"))
    guard count <= 8 else {
      try skip(UInt64(count))
      return nil
    }
    guard count > 0 else { return 0 }
    let shift = UInt64(64 - 8 * count)
    return Int(Int64(bitPattern: try number(count) << shift) >> Int64(shift))
  }
}
