internal import CKernels

extension RowBlock {
  /// From this number of rows on either side OpenBLAS, which packs them, is as fast as the kernel for a few rows (203 against 201
  /// GFLOP/s at 192 × 192, 200 against 206 at 256 × 256, 209 against 181 at 96 × 96), and its speed continues to rise.
  private static let manyRows = 192

  /// Adds A·Bᵀ to `sums`, `rows × other.rows`, row-major; both blocks must have the same columns.
  ///
  /// Up to 2048 columns at a time are multiplied in f32, then added in f64: the error of one sum is below 8e-6·Σ|aᵢbᵢ| whatever
  /// the data, of the order of 1e-8·‖a‖‖b‖ for weights (1.3e-4 and 1e-7 from 192 rows on either side on, where OpenBLAS
  /// multiplies). With fewer rows the same bits on every machine for f16 and bf16.
  /// O(rows · other.rows · columns), on the calling thread; see `products.h` for the measured speed.
  package func addProducts(with other: RowBlock, to sums: inout [Double]) {
    precondition(columns == other.columns, "rows of \(columns) and of \(other.columns) numbers")
    precondition(
      sums.count >= rows * other.rows, "the product of \(rows) and \(other.rows) rows needs \(rows * other.rows) places")
    if min(rows, other.rows) < Self.manyRows {
      multiply(other, isGram: false, &sums)
    } else {
      multiplyByOpenBLAS(rows * other.rows, scales, other.scales, &sums) { columns, products in
        OpenBLAS.product(
          values.span, rows: rows, stride: stride, other.values.span, rows: other.rows, stride: other.stride, columns: columns,
          into: &products)
      }
    }
  }

  /// Adds A·Aᵀ to the numbers on and below the diagonal of `sums`, `rows × rows`, row-major. Do not use the numbers above the
  /// diagonal. About half the work of ``addProducts(with:to:)``.
  package func addGram(to sums: inout [Double]) {
    precondition(sums.count >= rows * rows, "the Gram matrix of \(rows) rows needs \(rows * rows) places")
    if rows < Self.manyRows {
      multiply(self, isGram: true, &sums)
    } else {
      multiplyByOpenBLAS(rows * rows, scales, scales, &sums) { columns, products in
        OpenBLAS.gram(values.span, rows: rows, stride: stride, columns: columns, into: &products)
      }
    }
  }

  /// Adds the f32 results of `body` over up to 2048 columns at a time to the f64 sums, in stored units.
  private func multiplyByOpenBLAS(
    _ count: Int, _ scalesA: [Double], _ scalesB: [Double], _ sums: inout [Double],
    _ body: (Range<Int>, inout MutableSpan<Float>) -> Void
  ) {
    let most = Int(CK_PRODUCT_COLUMNS)
    var found = [Float](repeating: 0, count: count)
    for start in Swift.stride(from: 0, to: columns, by: most) {
      var products = found.mutableSpan
      body(start..<min(start + most, columns), &products)
      for i in scalesA.indices {
        let row = i * scalesB.count
        for j in scalesB.indices { sums[row + j] += Double(found[row + j]) * scalesA[i] * scalesB[j] }
      }
    }
  }

  private func multiply(_ other: RowBlock, isGram: Bool, _ sums: inout [Double]) {
    guard rows > 0, other.rows > 0, columns > 0 else { return }
    let (width, most) = ((columns + 15) / 16 * 16, Int(CK_PRODUCT_COLUMNS))
    // Safe: `resize` made room for `rows × stride` in both.
    unsafe withReadAhead(following, isGram ? [] : other.following, bytes: max(followingBytes, other.followingBytes)) { ahead in
      unsafe sums.withUnsafeMutableBufferPointer { target in
        unsafe withRows { a in
          unsafe other.withRows { b in
            for start in Swift.stride(from: 0, to: width, by: most) {
              var (p, q) = unsafe (a, b)
              unsafe p.values += start
              unsafe q.values += start
              unsafe ck_products(&p, &q, Int64(min(most, width - start)), isGram ? 1 : 0, target.baseAddress, ahead)
            }
          }
        }
      }
    }
  }

  @unsafe
  private func withRows(_ body: (ck_rows) -> Void) {
    unsafe values.withUnsafeBufferPointer { values in
      unsafe scales.withUnsafeBufferPointer { scales in
        unsafe body(ck_rows(values: values.baseAddress, scales: scales.baseAddress, count: Int64(rows), stride: Int64(stride)))
      }
    }
  }
}
