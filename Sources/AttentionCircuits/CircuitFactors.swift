import LinearAlgebra
import Threads

/// The two factors of one circuit of every head: the circuit is leftᵀ·right, width × width, of rank `size`.
struct CircuitFactors: Sendable {
  /// For each head, size × width.
  var left: [Matrix]
  var right: [Matrix]

  /// The cosines of all circuits with each other, heads × heads, the diagonal zero: ⟨X, Y⟩ / ‖X‖‖Y‖ with the Frobenius product.
  /// The row and the column of a circuit that is zero, or not finite, are zero.
  ///
  /// A few rows of all circuits are formed at a time, multiplied with each other and added up, because forming circuits costs less
  /// than products of their factors: heads²·width² / 2 multiplications against 2·heads²·size²·width. Memory: heads·width² /
  /// `CircuitSizes.blocks` numbers per thread.
  func cosines(_ workers: Workers) -> Matrix {
    let (heads, width) = (left.count, left.first?.columns ?? 0)
    let side = max(1, (width + CircuitSizes.blocks - 1) / CircuitSizes.blocks)
    let starts = Array(stride(from: 0, to: width, by: side))
    let parts = workers.map(starts.count) { block -> [Double] in
      var sums = [Double](repeating: 0, count: heads * heads)
      guard !workers.isCancelled else { return sums }
      let rows = starts[block]..<min(starts[block] + side, width)
      var circuits: [Float] = []
      circuits.reserveCapacity(heads * rows.count * width)
      for head in 0..<heads { circuits += left[head].transposeTimes(right[head], columns: rows).values }
      var scratch = [Float](repeating: 0, count: heads * heads)
      var total = sums.mutableSpan
      var room = scratch.mutableSpan
      addGram(circuits.span, rows: heads, columns: rows.count * width, into: &total, scratch: &room)
      return sums
    }
    // In the order of the blocks, whatever thread made them.
    var products = [Double](repeating: 0, count: heads * heads)
    for part in parts {
      for i in products.indices { products[i] += part[i] }
    }
    let scales = (0..<heads).map { head in
      let square = products[head * heads + head]
      return square > 0 && square.isFinite ? 1 / square.squareRoot() : 0
    }
    var cosines = Matrix(rows: heads, columns: heads)
    for i in 0..<heads {
      for j in 0..<heads where i != j && scales[i] > 0 && scales[j] > 0 {
        let cosine = products[i * heads + j] * scales[i] * scales[j]
        cosines[i, j] = cosine.isFinite ? Float(cosine) : 0
      }
    }
    return cosines
  }
}
