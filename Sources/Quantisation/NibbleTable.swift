internal import CKernels

/// The values of the sixteen codes of four bits, and the order of the two codes in a byte.
///
/// The table holds the pair of values of every byte, so that one look-up gives two numbers (2 KB).
package struct NibbleTable: Sendable {
  private let pairs: [Float]

  /// A table of sixteen values.
  package init(_ values: [Float], highFirst: Bool = false) {
    precondition(values.count == 16, "a table of four bits has sixteen values")
    pairs = (0..<256).flatMap { byte in
      let (low, high) = (values[byte & 15], values[byte >> 4])
      return highFirst ? [high, low] : [low, high]
    }
  }

  /// E2M1: the elements of MXFP4 and NVFP4, the lower index in the low half of a byte (OCP Microscaling Formats 1.0).
  package static let e2m1 = NibbleTable([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6])

  /// Writes the values of `count` codes of `bytes`, starting with code `first`, to `values`. O(`count`).
  func decode(_ bytes: RawSpan, first: Int, count: Int, into values: inout MutableSpan<Float>, at start: Int) {
    precondition(first >= 0 && count >= 0 && count <= bytes.byteCount * 2 - first, "codes beyond the bytes")
    precondition(start >= 0 && count <= values.count - start, "the destination is too short")
    guard count > 0 else { return }
    // Safe: both ranges were just checked, and the table has 512 numbers.
    unsafe bytes.withUnsafeBytes { source in
      unsafe values.withUnsafeMutableBufferPointer { destination in
        guard let from = source.baseAddress, let to = destination.baseAddress else { return }
        unsafe ck_nibbles(pairs, from, Int64(first), Int64(count), to + start)
      }
    }
  }
}
