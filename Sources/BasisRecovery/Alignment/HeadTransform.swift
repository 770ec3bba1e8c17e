import LinearAlgebra

/// The simplest change of basis inside a head that brings the foundation's rows to the candidate's.
package struct HeadTransform: Sendable, Equatable {
  /// The kinds of change, the simplest first.
  package enum Kind: Int, Sendable, Comparable {
    /// No change.
    case same
    /// Every row has the opposite sign.
    case opposite
    /// Planes of elements i and i + size / 2 were rotated, which rotary embedding allows.
    case rotaryHalves
    /// Planes of elements 2i and 2i + 1 were rotated, which the other form of rotary embedding allows.
    case rotaryPairs
    /// Any orthogonal change.
    case any

    /// The simpler kind is the smaller one.
    package static func < (left: Kind, right: Kind) -> Bool { left.rawValue < right.rawValue }
  }

  /// The kind of this change.
  package let kind: Kind
  /// size × size; the candidate's rows are this matrix times the foundation's rows.
  let matrix: Matrix
  /// For each kind except the last: how much it explains, as a share of how much the best change explains.
  let shares: [Double]

  /// The simplest kind with at least this share of `shares` is chosen. The share is half of the energy, as for layers.
  static let leastShare = 0.7071

  /// The transform from the products of the candidate's rows with the foundation's, size × size. O(size³).
  init(products m: Matrix) {
    let n = m.rows
    let svd = singularValueDecomposition(m.values.map { Double($0) }, rows: n, columns: n)
    guard let svd, let largest = svd.s.first, largest > 0 else {
      (kind, matrix, shares) = (.same, .identity(n), [])
      return
    }
    let best = svd.s.reduce(0, +)
    let trace = (0..<n).reduce(0.0) { $0 + Double(m[$1, $1]) }
    let halves = Self.planes(m) { ($0, $0 + n / 2) }
    let pairs = Self.planes(m) { (2 * $0, 2 * $0 + 1) }
    shares = [trace / best, -trace / best, halves.sum / best, pairs.sum / best]
    if trace >= Self.leastShare * best {
      (kind, matrix) = (.same, .identity(n))
    } else if -trace >= Self.leastShare * best {
      var negated = Matrix.identity(n)
      negated.scale(by: -1)
      (kind, matrix) = (.opposite, negated)
    } else if n % 2 == 0, halves.sum >= Self.leastShare * best {
      (kind, matrix) = (.rotaryHalves, halves.matrix)
    } else if n % 2 == 0, pairs.sum >= Self.leastShare * best {
      (kind, matrix) = (.rotaryPairs, pairs.matrix)
    } else {
      let (u, vt) = (
        Matrix(rows: n, columns: n, values: svd.u.map { Float($0) }),
        Matrix(rows: n, columns: n, values: svd.vt.map { Float($0) })
      )
      (kind, matrix) = (.any, u.times(vt))
    }
  }

  /// The best rotations of planes, and the sum of the parts that they explain.
  private static func planes(_ m: Matrix, _ plane: (Int) -> (Int, Int)) -> (matrix: Matrix, sum: Double) {
    var (turned, sum) = (Matrix(rows: m.rows, columns: m.rows), 0.0)
    for i in 0..<m.rows / 2 {
      let (p, q) = plane(i)
      let (c, s) = (Double(m[p, p] + m[q, q]), Double(m[q, p] - m[p, q]))
      let length = (c * c + s * s).squareRoot()
      sum += length
      let (x, y) = length > 0 ? (c / length, s / length) : (1, 0)
      (turned[p, p], turned[q, q], turned[q, p], turned[p, q]) = (Float(x), Float(x), Float(y), Float(-y))
    }
    return (turned, sum)
  }
}
