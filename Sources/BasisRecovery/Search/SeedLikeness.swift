import LinearAlgebra

/// Whether rows that may correspond, one of each model, have the same angles to each other in both models, as every basis that carries
/// the one rows to the others requires.
///
/// ```swift
/// SeedLikeness(candidate: rows.candidate, foundation: rows.foundation).deviations    // 17; for unrelated rows 0 ± 1
/// ```
///
/// The cosines among the candidate's rows are correlated with those among the foundation's, over all pairs of rows. If a share p of
/// n rows is right, the correlation is that of p²·n²/2 pairs among n²/2, which is about p²·n / √2 standard deviations of unrelated rows.
/// Each table is centred, and its cosines count for no more than a typical one: rows of trained models have kinds (along a mean, in an
/// outlier channel), and few large cosines among rows of a kind would otherwise make unrelated models look alike.
///
/// It proves nothing, because the rows were chosen for their likeness. It only decides which starts are worth a fit.
struct SeedLikeness {
  /// Rows that are compared at most: enough to see that a sixteenth is right.
  static let most = 768

  /// The correlation in standard deviations of unrelated rows; 0 for fewer than three rows.
  let deviations: Double

  /// The likeness of rows of unit length, as many of each model. O(rows² · width).
  init(candidate: Matrix, foundation: Matrix) {
    precondition(candidate.rows == foundation.rows, "rows come in pairs")
    let count = candidate.rows
    guard count > 2 else {
      deviations = 0
      return
    }
    let (x, y) = (Self.cosines(candidate), Self.cosines(foundation))
    var sums = (x: 0.0, y: 0.0, xx: 0.0, yy: 0.0, xy: 0.0)
    for i in 0..<count {
      for j in 0..<i {
        let (a, b) = (Double(x.values[i * count + j]), Double(y.values[i * count + j]))
        sums = (sums.x + a, sums.y + b, sums.xx + a * a, sums.yy + b * b, sums.xy + a * b)
      }
    }
    let pairs = Double(count * (count - 1) / 2)
    let (xx, yy) = (sums.xx - sums.x * sums.x / pairs, sums.yy - sums.y * sums.y / pairs)
    let found = pairs.squareRoot() * (sums.xy - sums.x * sums.y / pairs) / (xx * yy).squareRoot()
    deviations = xx > 0 && yy > 0 && found.isFinite ? found : 0
  }

  /// The cosines among rows below the diagonal, less the means of their rows and columns, within their mean magnitude.
  private static func cosines(_ rows: Matrix) -> Matrix {
    let count = rows.rows
    var table = rows.timesTranspose(of: rows)
    for i in 0..<count { table.values[i * count + i] = 0 }
    let means = (0..<count).map { i in
      Float(sumAndSquares(table.values.span.extracting(i * count..<(i + 1) * count)).sum / Double(count - 1))
    }
    let all = means.reduce(0, +) / Float(count)
    var magnitudes = 0.0
    for i in 0..<count {
      for j in 0..<i {
        let value = table.values[i * count + j] - means[i] - means[j] + all
        table.values[i * count + j] = value
        magnitudes += Double(abs(value))
      }
    }
    let most = Float(magnitudes / Double(count * (count - 1) / 2))
    for i in 0..<count {
      for j in 0..<i { table.values[i * count + j] = max(-most, min(most, table.values[i * count + j])) }
    }
    return table
  }
}
