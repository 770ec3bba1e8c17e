import LinearAlgebra

/// The leading direction of the change of one matrix that writes the residual stream: Δ ≈ −σ·u·cᵀ.
///
/// The rows of such a matrix are channels of the residual stream, so that the directions u of two of them can be compared. Both
/// are taken of the rows divided by their norms if the rows were rescaled after the change (see `rescaling`).
struct WriterChange {
  /// The unit vector over the measured channels, of arbitrary sign.
  let direction: [Double]
  /// The cosine between the change of the direction's part, uᵀΔ, and that part itself, uᵀW: −1 where all channels were measured and
  /// the direction was removed.
  let removal: Double
  /// Over how many columns that cosine is spread.
  let spread: Double
  /// True if the first singular value is beyond rounding and at least twice the second: the step of a change of rank 1.
  let isSingle: Bool
  /// How much better a number for each row explains what the direction leaves, beside numbers without a meaning: F of an analysis of
  /// variance, 1 if rows were not rescaled.
  let rescaling: Double

  /// nil if nothing changed, or if the singular values cannot be computed. O(rows · columns · min(rows, columns)).
  init?(_ block: ChangeBlock, isNormalised: Bool) {
    let (rows, columns) = (block.rows, block.columns)
    let (delta, weight) = Self.change(block, isNormalised: isNormalised)
    guard rows > 2, columns > 2, weight.allSatisfy(\.isFinite),
      let (u, values, vt) = singularValueDecomposition(delta, rows: rows, columns: columns), values.count > 1, values[0] > 0
    else { return nil }
    let rank = values.count
    let left = (0..<rows).map { u[$0 * rank] }
    let right = Array(vt[0..<columns])
    var part = [Double](repeating: 0, count: columns)
    for row in 0..<rows { for j in 0..<columns { part[j] += left[row] * weight[row * columns + j] } }
    direction = left
    let (product, norm) = (zip(part, right).reduce(0) { $0 + $1.0 * $1.1 }, part.reduce(0) { $0 + $1 * $1 }.squareRoot())
    removal = norm > 0 ? product / norm : 0
    spread = Self.spread(right)
    // The edge of rounding is that of the stored numbers; rows of one length keep it.
    let mean = isNormalised ? Self.meanNorm(block) : 1
    isSingle = values[0] * mean > block.edge && values[0] >= 2 * values[1]
    rescaling = Self.rescaling(delta, weight, left.map { $0 * values[0] }, right)
  }

  /// Whether the first singular value of a block of a quarter of the size is at least 1.4 times the second: where a change of rank 1
  /// is twice the largest of errors in all directions, it is √2 times theirs in half of the rows and of the columns. Without a change
  /// of rank 1 the ratio is 1.0 to 1.1. A tenth of the cost of the decomposition, whatever the size.
  static func mayBeSingle(_ block: ChangeBlock, isNormalised: Bool) -> Bool {
    let delta = change(block, isNormalised: isNormalised).delta
    guard let values = singularValues(delta, rows: block.rows, columns: block.columns), values.count > 1 else { return false }
    return values[0] >= 1.4 * values[1]
  }

  /// The change and the foundation's numbers, both divided by the norms of the foundation's rows if `isNormalised`.
  private static func change(_ block: ChangeBlock, isNormalised: Bool) -> (delta: [Double], weight: [Double]) {
    var (delta, weight) = (block.difference, block.foundation.map(Double.init))
    guard isNormalised else { return (delta, weight) }
    for row in 0..<block.rows {
      let range = row * block.columns..<(row + 1) * block.columns
      let norm = weight[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
      let scale = norm > 0 && norm.isFinite ? 1 / norm : 0
      for i in range { (delta[i], weight[i]) = (delta[i] * scale, weight[i] * scale) }
    }
    return (delta, weight)
  }

  /// Over how many elements a unit vector is spread: 1/Σx⁴.
  static func spread(_ vector: [Double]) -> Double {
    let sum = vector.reduce(0) { $0 + $1 * $1 * $1 * $1 }
    return sum > 0 ? 1 / sum : 1
  }

  private static func meanNorm(_ block: ChangeBlock) -> Double {
    let sum = block.foundation.reduce(0) { $0 + Double($1) * Double($1) }
    return (sum / Double(max(1, block.rows))).squareRoot()
  }

  /// The F statistic of one factor for each row, Δ − u·cᵀ ≈ diag(s)·W, beside Δ ≈ u·cᵀ alone.
  private static func rescaling(_ delta: [Double], _ weight: [Double], _ left: [Double], _ right: [Double]) -> Double {
    let (rows, columns) = (left.count, right.count)
    var (before, after) = (0.0, 0.0)
    for row in 0..<rows {
      var (rest, product, square, other) = (0.0, 0.0, 0.0, 0.0)
      for j in 0..<columns {
        let w = weight[row * columns + j]
        other += w * right[j]
        square += w * w
      }
      for j in 0..<columns {
        let i = row * columns + j
        // The part of the row along c is already explained.
        let w = weight[i] - other * right[j]
        let x = delta[i] - left[row] * right[j]
        rest += x * x
        product += x * w
      }
      let free = square - other * other
      before += rest
      after += free > 0 ? max(0, rest - product * product / free) : rest
    }
    let freedom = Double(rows * (columns - 2) - columns)
    guard after > 0, freedom > 0 else { return before > 0 ? .infinity : 1 }
    return (before - after) / Double(rows) / (after / freedom)
  }
}
