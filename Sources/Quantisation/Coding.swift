internal import CKernels
package import ElementTypes

/// The mapping from the codes in a row of a quantised matrix to numbers, before scaling.
package enum Coding: Sendable {
  /// Numbers of an element type: 8-bit integers and floating point.
  case numbers(ElementType)
  /// A little-endian stream of unsigned integers with this number of bits, at most 8.
  case stream(bits: Int)
  /// 32-bit words with as many whole unsigned integers as fit: with 3 and 5 to 7 bits, the top bits of every word are unused.
  case padded(bits: Int)
  /// Codes of four bits, decoded with a table.
  case nibbles(NibbleTable)

  /// Bytes of a row of `columns` codes that begins at a byte (at a word for padded words); nil when the number overflows.
  package func rowBytes(_ columns: Int) -> Int? {
    switch self {
    case .numbers(let type): return type.byteCount(of: columns)
    case .stream(let bits):
      let (total, overflow) = columns.multipliedReportingOverflow(by: bits)
      return overflow ? nil : total / 8 + (total % 8 == 0 ? 0 : 1)
    case .padded(let bits):
      let each = 32 / bits
      return columns <= .max / 8 ? (columns + each - 1) / each * 4 : nil
    case .nibbles: return columns / 2 + columns % 2
    }
  }

  /// Writes the values of `count` codes of the row in `bytes`, from column `first` on, to `values`. O(`count`).
  package func decode(_ bytes: RawSpan, first: Int, count: Int, into values: inout MutableSpan<Float>, at start: Int = 0) {
    switch self {
    case .numbers(let type): widen(bytes, as: type, from: first, count: count, into: &values, at: start)
    case .nibbles(let table): table.decode(bytes, first: first, count: count, into: &values, at: start)
    case .stream(let bits): decodeStream(bits, bytes, first, count, &values, start)
    case .padded(let bits):
      let each = 32 / bits
      var column = first
      while column < first + count {
        let part = min(each - column % each, first + count - column)
        let word = bytes.extracting(column / each * 4..<column / each * 4 + 4)
        decodeStream(bits, word, column % each, part, &values, start + column - first)
        column += part
      }
    }
  }

  private func decodeStream(
    _ bits: Int, _ bytes: RawSpan, _ first: Int, _ count: Int, _ values: inout MutableSpan<Float>, _ start: Int
  ) {
    precondition(1...8 ~= bits && first >= 0 && count >= 0, "codes of \(bits) bits")
    precondition((first + count) * bits <= bytes.byteCount * 8, "codes beyond the bytes")
    precondition(start >= 0 && count <= values.count - start, "the destination is too short")
    guard count > 0 else { return }
    // Safe: both ranges were just checked.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { destination in
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        unsafe ck_stream(Int32(bits), from, Int64(source.count), Int64(first), Int64(count), to + start)
      }
    }
  }
}
