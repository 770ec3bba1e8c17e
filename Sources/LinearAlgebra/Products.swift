/// Columns that are summed in f32 before they are added up in f64.
private let productColumns = 2_048

/// Adds A·Bᵀ to `sums`: A is m × k, B is n × k, `sums` m × n, all row-major.
///
/// ```swift
/// addProduct(a.span, rows: 32, b.span, rows: 32, columns: 65_536, into: &sums, scratch: &scratch)
/// ```
///
/// Inputs and their products must be in the range of `Float`. Up to 2048 columns at a time are multiplied in f32, then
/// added in f64: the error of one sum is below 1.3e-4·Σ|aᵢbᵢ| whatever the data, of the order of 1e-7·‖a‖‖b‖ in practice.
/// `scratch` needs m·n elements. O(m·n·k), on the calling thread.
package func addProduct(
  _ a: Span<Float>, rows m: Int, _ b: Span<Float>, rows n: Int, columns k: Int, into sums: inout MutableSpan<Double>,
  scratch: inout MutableSpan<Float>
) {
  precondition(m >= 0 && n >= 0 && sums.count >= m * n, "the product of \(m) and \(n) rows needs \(m * n) places")
  for start in stride(from: 0, to: k, by: productColumns) {
    let columns = start..<min(start + productColumns, k)
    OpenBLAS.product(a, rows: m, stride: k, b, rows: n, stride: k, columns: columns, into: &scratch)
    for i in 0..<m * n { sums[i] += Double(scratch[i]) }
  }
}

/// Adds A·Aᵀ to `sums`, m × m and symmetric to the bit; half the work of ``addProduct(_:rows:_:rows:columns:into:scratch:)``.
package func addGram(
  _ a: Span<Float>, rows m: Int, columns k: Int, into sums: inout MutableSpan<Double>, scratch: inout MutableSpan<Float>
) {
  precondition(m >= 0 && sums.count >= m * m, "the Gram matrix of \(m) rows needs \(m * m) places")
  for start in stride(from: 0, to: k, by: productColumns) {
    OpenBLAS.gram(a, rows: m, stride: k, columns: start..<min(start + productColumns, k), into: &scratch)
    for i in 0..<m {
      for j in 0..<i {
        let value = Double(scratch[i * m + j])
        sums[i * m + j] += value
        sums[j * m + i] += value
      }
      sums[i * m + i] += Double(scratch[i * m + i])
    }
  }
}

/// A·Bᵀ in f64, m × n, row-major: ``addProduct(_:rows:_:rows:columns:into:scratch:)`` into zeros.
package func product(_ a: [Float], rows m: Int, _ b: [Float], rows n: Int, columns k: Int) -> [Double] {
  var sums = [Double](repeating: 0, count: m * n)
  var scratch = [Float](repeating: 0, count: m * n)
  var total = sums.mutableSpan
  var room = scratch.mutableSpan
  addProduct(a.span, rows: m, b.span, rows: n, columns: k, into: &total, scratch: &room)
  return sums
}
