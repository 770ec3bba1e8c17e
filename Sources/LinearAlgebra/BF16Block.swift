internal import CKernels

/// Some columns of several bf16 tensors as stored, one row per tensor, with the sum and squared norm of every row. As the operand
/// of products it has twice the speed and half the memory of ``RowBlock``, if single precision can hold the products.
///
/// ```swift
/// var block = BF16Block()
/// block.fill(from: rows, 0..<22, numbers: 4_096..<6_144)   // rows: StoredRows
/// if block.isSound, other.isSound { block.addProducts(with: other, to: &sums) }   // sums[i · 22 + j] += ⟨block[i], other[j]⟩
/// ```
///
/// Filling it again does not allocate unless it grows. It has no scales, and does not leave out numbers that are not finite: use
/// ``RowBlock`` for a block that is not sound.
package struct BF16Block: Sendable {
  /// The most columns of a block.
  package static let mostColumns = Int(CK_PRODUCT_COLUMNS)

  /// Rows of the block.
  package private(set) var rows = 0
  /// Numbers in each row.
  package private(set) var columns = 0
  /// Σx of each row, in f32 over the block: error below 8e-6·Σ|x| whatever the data, of the order of 1e-8·Σ|x| for weights.
  package private(set) var sums: [Double] = []
  /// Σx² of each row, with the same relative error.
  package private(set) var squares: [Double] = []

  /// Distance of two rows: whole cache lines plus one, so that rows do not map to the same cache sets.
  private var stride = 0
  /// Storage of the rows, which start at the first cache line boundary in it.
  private var values: [UInt16] = []
  private var start = 0
  /// See ``RowBlock``.
  private var following: [UInt] = []
  private var followingBytes = 0

  /// A block of no rows.
  package init() {}

  /// True when single precision holds all products of the rows: no NaN, no infinity, each norm in 2⁻³⁰ … 2³⁰.
  package var isSound: Bool { squares.allSatisfy { $0 > 0x1p-60 && $0 < 0x1p60 } }

  /// Makes room for `rows` rows of `columns` numbers.
  private mutating func resize(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0 && columns <= Self.mostColumns, "no block has \(rows) × \(columns) numbers")
    let line = 32
    stride = (columns + line - 1) / line * line + line
    let (count, overflow) = rows.multipliedReportingOverflow(by: stride)
    precondition(!overflow, "a block of \(rows) × \(columns) is too large")
    if values.count < count + line {
      values = Array(repeating: 0, count: count + line)
      // A copy of this value may have another alignment; it is then only slower.
      let address = unsafe values.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
      start = (line - Int(address / 2) % line) % line
    }
    if self.rows != rows {
      self.rows = rows
      sums = Array(repeating: 0, count: rows)
      squares = sums
      following = Array(repeating: 0, count: rows)
    }
    self.columns = columns
  }

  /// Copies `numbers`, at most `mostColumns`, of some rows of bf16.
  ///
  /// `next`: how many numbers after these are needed soon; a product with this block brings them into the cache.
  package mutating func fill(from stored: borrowing StoredRows, _ range: Range<Int>, numbers: Range<Int>, next: Int = 0) {
    precondition(stored.kind == CK_BF16, "rows of another type")
    precondition(
      numbers.lowerBound >= 0 && numbers.upperBound <= stored.length, "numbers \(numbers) of rows of \(stored.length)")
    resize(rows: range.count, columns: numbers.count)
    // The addresses of the rows of this block, if the previous block stored them, for reading ahead.
    let (known, rows) = (following, self.rows)
    unsafe values.withUnsafeMutableBufferPointer { target in
      for row in 0..<rows {
        guard let from = unsafe stored.addresses[range.lowerBound + row], let to = target.baseAddress else { continue }
        var found = (0.0, 0.0)
        // Safe: the numbers are inside the stored row, and this row has room for them and zeros up to a multiple of 64.
        let source = unsafe from + 2 * numbers.lowerBound
        unsafe withUnsafeMutableBytes(of: &found) { sums in
          unsafe ck_copy_bf16(
            source, Int64(columns), known[(row + 2) % rows], to + start + row * stride,
            sums.baseAddress?.assumingMemoryBound(to: Double.self))
        }
        following[row] = next > 0 ? UInt(bitPattern: source) + UInt(2 * columns) : 0
        (sums[row], squares[row]) = found
      }
    }
    followingBytes = 2 * next
  }

  /// Adds A·Bᵀ to `sums`, `rows × other.rows`, row-major; both blocks must have the same columns and be sound.
  ///
  /// Multiplied in f32, then added in f64: the error of one sum is below 8e-6·Σ|aᵢbᵢ| whatever the data, of the order of
  /// 1e-8·‖a‖‖b‖ for weights. The same bits on every machine. O(rows · other.rows · columns), on the calling thread; see `bf16.h`
  /// for the measured speed.
  package func addProducts(with other: BF16Block, to sums: inout [Double]) {
    precondition(columns == other.columns, "rows of \(columns) and of \(other.columns) numbers")
    precondition(
      sums.count >= rows * other.rows, "the product of \(rows) and \(other.rows) rows needs \(rows * other.rows) places")
    guard rows > 0, other.rows > 0, columns > 0 else { return }
    let width = Int64((columns + 31) / 32 * 32)
    // Safe: `resize` made room for `rows × stride` behind `start` in both.
    unsafe withReadAhead(following, other.following, bytes: max(followingBytes, other.followingBytes)) { ahead in
      unsafe sums.withUnsafeMutableBufferPointer { target in
        unsafe withRows { a in
          unsafe other.withRows { b in
            var (p, q) = unsafe (a, b)
            unsafe ck_products_bf16(&p, &q, width, target.baseAddress, ahead)
          }
        }
      }
    }
  }

  @unsafe
  private func withRows(_ body: (ck_bf16_rows) -> Void) {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe body(ck_bf16_rows(values: values.baseAddress.map { unsafe $0 + start }, count: Int64(rows), stride: Int64(stride)))
    }
  }
}
