internal import CKernels
package import ElementTypes

/// A few tensors of one type, read in place: computes all their products with each other at the speed of memory.
///
/// ```swift
/// var rows = StoredRows()
/// let isDone = rows.adding(first, as: .bf16) { rows in
///   rows.adding(second, as: .bf16) { $0.addGram(0..<8_192, products: &products, sums: &sums) }
/// }
/// ```
///
/// The bytes of a row are held only while the call that added it lasts. For products of more rows than `most`, or rows of
/// different types, there is ``RowBlock``, which widens them first, and for many of bf16 ``BF16Block``.
@safe package struct StoredRows: ~Copyable {
  /// The most rows for `addGram`: beyond them the products take longer than reading, and ``RowBlock`` is as fast.
  package static let most = Int(CK_GRAM_ROWS)

  private(set) var kind: Int32 = 0
  private var numberBytes = 0
  /// Numbers of the shortest row.
  private(set) var length = Int.max
  private(set) var addresses: [UnsafeRawPointer?] = unsafe []

  /// No rows.
  package init() {}

  /// True for the types that can be read in place.
  package static func takes(_ type: ElementType) -> Bool { type.kernelType != nil }

  /// Calls `body` with the numbers of `bytes` as one more row. All rows must be of one type, for which `takes` is true.
  package mutating func adding<Result>(_ bytes: RawSpan, as type: ElementType, _ body: (inout StoredRows) -> Result) -> Result {
    guard let kind = type.kernelType else { preconditionFailure("rows of \(type.name) cannot be read in place") }
    unsafe precondition(addresses.isEmpty || kind == self.kind, "rows of different types")
    let before = length
    self.kind = kind
    numberBytes = type.componentBits / 8
    length = min(length, bytes.byteCount / numberBytes)
    defer { length = before }
    // Safe: the address is removed before the bytes become invalid, and nothing can keep a copy of this value.
    return unsafe bytes.withUnsafeBytes { source in
      unsafe addresses.append(source.baseAddress)
      defer { unsafe addresses.removeLast() }
      return body(&self)
    }
  }

  /// Adds the products of all rows over some of their numbers to the numbers on and below the diagonal of `products`,
  /// `count × count`, row-major, and the sums of the rows to `sums`.
  ///
  /// The errors of products and sums are those of ``RowBlock/addProducts(with:to:)``; the same bits on every machine for f16 and
  /// bf16. Adds nothing and returns false if single precision cannot hold the sums: a NaN, an infinity, or a norm outside of 2⁻³⁰
  /// … 2³⁰. O(rows² · numbers), on the calling thread.
  package func addGram(_ numbers: Range<Int>, products: inout [Double], sums: inout [Double]) -> Bool {
    let count = unsafe addresses.count
    precondition(count <= Self.most, "\(count) rows, more than \(Self.most)")
    precondition(numbers.lowerBound >= 0 && numbers.upperBound <= length, "numbers \(numbers) of rows of \(length)")
    precondition(products.count >= count * count && sums.count >= count, "no room for the products of \(count) rows")
    return unsafe withUnsafeTemporaryAllocation(of: Double.self, capacity: (count + 1) * count) { found in
      unsafe found.initialize(repeating: 0)
      guard let target = found.baseAddress else { return true }
      // Safe: the numbers are inside every row, and the kernel writes count² products and count sums.
      unsafe addresses.withUnsafeBufferPointer { rows in
        guard let rows = rows.baseAddress else { return }
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: Int(CK_PRODUCT_COLUMNS)) {
          let columns = min(Int(CK_PRODUCT_COLUMNS), numbers.upperBound - start)
          unsafe ck_gram(kind, rows, Int64(count), Int64(start), Int64(columns), target, target + count * count)
        }
      }
      for i in 0..<count {
        let square = unsafe found[i * (count + 1)]
        guard square > 0x1p-60, square < 0x1p60 else { return false }
      }
      for i in 0..<count * count { unsafe products[i] += found[i] }
      for i in 0..<count { unsafe sums[i] += found[count * count + i] }
      return true
    }
  }
}
