import LinearAlgebra

/// What was done inside a head: the change of basis that brings the foundation's rows to the candidate's, of the simplest kind that does.
public struct HeadTurn: Sendable, Equatable {
  /// Kinds, the simplest first.
  public enum Kind: Int, Sendable, Comparable {
    /// Nothing.
    case same
    /// Every row has the other sign.
    case opposite
    /// Planes of elements i and i + size / 2 were turned, which rotary embedding allows.
    case rotaryHalves
    /// Planes of elements 2i and 2i + 1, likewise.
    case rotaryPairs
    /// Any orthogonal change.
    case any

    /// In that order.
    public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  /// What it is.
  public let kind: Kind
  /// size × size; the candidate's rows are this times the foundation's.
  let matrix: Matrix
  /// What each kind explains of the best that any change can: for those who look closely.
  let shares: [Double]

  /// A kind that brings this share of what any orthogonal change brings is what was done. Half of the energy, as for layers.
  static let leastShare = 0.7071

  /// From the products of the candidate's rows with the foundation's, size × size. O(size³).
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
      var turned = Matrix.identity(n)
      turned.scale(by: -1)
      (kind, matrix) = (.opposite, turned)
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

  /// The best rotations of planes, and the sum of what they bring.
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
