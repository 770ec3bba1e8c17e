import LinearAlgebra
import RealModule

/// Numbers of one head that no rewrite changes, for the first guess of its partner.
///
/// For both circuits X = leftᵀ·right: ln ‖X‖, the spectrum of XᵀX in three ratios of power sums, and the operator's own traces
/// tr X, tr X², tr X³ (a head that copies has a positive trace), from right·leftᵀ, which has the same traces and is only size × size.
/// Then the cosines of one circuit with the other and with its transpose.
enum HeadTraits {
  /// The number of traits of a head.
  static let count = 16

  /// The traits; nil for a head with a circuit that is zero or not finite. O(size²·width + size³).
  static func traits(query: Matrix, key: Matrix, value: Matrix, output: Matrix) -> [Double]? {
    guard let q = Normalised(query), let k = Normalised(key), let v = Normalised(value), let o = Normalised(output),
      let written = circuit(o, v), let attended = circuit(q, k)
    else { return nil }
    let norm = written.norm * attended.norm
    let cosines = [
      dot(cross(q, o), cross(k, v)) / norm,
      dot(cross(k, o), cross(q, v)) / norm,
    ]
    let all = written.traits + attended.traits + cosines
    return all.allSatisfy(\.isFinite) ? all : nil
  }

  /// Rows of unit Frobenius norm, so that no product leaves the range of f32.
  private struct Normalised {
    var rows: Matrix
    var length: Double

    init?(_ matrix: Matrix) {
      length = sumAndSquares(matrix.values.span).squares.squareRoot()
      guard length > 0, length.isFinite else { return nil }
      rows = matrix
      let factor = 1 / length
      for i in rows.values.indices { rows.values[i] = Float(Double(rows.values[i]) * factor) }
    }
  }

  private static func circuit(_ left: Normalised, _ right: Normalised) -> (traits: [Double], norm: Double)? {
    let x = left.rows.timesTranspose(of: left.rows).times(right.rows.timesTranspose(of: right.rows))
    let x2 = x.times(x)
    let powers = [trace(x), dot(x, x.transposed), dot(x2, x.transposed), dot(x2, x2.transposed)]
    guard powers[0] > 0 else { return nil }
    let norm = powers[0].squareRoot()
    let own = right.rows.timesTranspose(of: left.rows)
    let own2 = own.times(own)
    let spectrum = (1..<4).map { Double.log(max(powers[$0], 1e-30)) - Double($0 + 1) * .log(powers[0]) }
    let traces = [trace(own) / norm, trace(own2) / powers[0], dot(own2, own.transposed) / (powers[0] * norm)]
    return ([.log(norm) + .log(left.length) + .log(right.length)] + spectrum + traces, norm)
  }

  private static func cross(_ a: Normalised, _ b: Normalised) -> Matrix { a.rows.timesTranspose(of: b.rows) }

  private static func trace(_ x: Matrix) -> Double { (0..<x.rows).reduce(0) { $0 + Double(x[$1, $1]) } }

  private static func dot(_ x: Matrix, _ y: Matrix) -> Double {
    zip(x.values, y.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
