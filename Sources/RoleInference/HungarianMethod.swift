/// The assignment of rows to columns with the largest sum: the Hungarian method with potentials (Kuhn 1955; Jonker and
/// Volgenant's shortest augmenting paths).
enum HungarianMethod {
  /// The column of each row of a square matrix. Ties go to the lower index. O(n³).
  static func assignment(_ scores: [[Double]]) -> [Int] {
    let n = scores.count
    // Potentials and matches are counted from one; row and column 0 are the start of a path.
    var (u, v) = ([Double](repeating: 0, count: n + 1), [Double](repeating: 0, count: n + 1))
    var match = [Int](repeating: 0, count: n + 1)
    for row in 1...max(n, 1) where n > 0 {
      var least = [Double](repeating: .infinity, count: n + 1)
      var before = [Int](repeating: 0, count: n + 1)
      var isUsed = [Bool](repeating: false, count: n + 1)
      match[0] = row
      var column = 0
      repeat {
        isUsed[column] = true
        var (step, next) = (Double.infinity, 0)
        for j in 1...n where !isUsed[j] {
          let cost = -scores[match[column] - 1][j - 1] - u[match[column]] - v[j]
          if cost < least[j] { (least[j], before[j]) = (cost, column) }
          if least[j] < step { (step, next) = (least[j], j) }
        }
        for j in 0...n {
          if isUsed[j] {
            u[match[j]] += step
            v[j] -= step
          } else {
            least[j] -= step
          }
        }
        column = next
      } while match[column] != 0
      while column != 0 {
        match[column] = match[before[column]]
        column = before[column]
      }
    }
    var found = [Int](repeating: 0, count: n)
    for j in 1...max(n, 1) where n > 0 { found[match[j] - 1] = j - 1 }
    return found
  }

  /// The matrix with the means of its rows and columns subtracted, divided by the standard deviation of the remainder: a matrix
  /// that resembles all others gives no information about its partner.
  static func standardised(_ scores: [[Double]]) -> [[Double]] {
    let n = Double(scores.count)
    guard n > 1 else { return scores }
    let rows = scores.map { $0.reduce(0, +) / n }
    let columns = scores.indices.map { j in scores.reduce(0) { $0 + $1[j] } / n }
    let mean = rows.reduce(0, +) / n
    var centred = scores
    var squares = 0.0
    for i in scores.indices {
      for j in scores.indices {
        centred[i][j] += mean - rows[i] - columns[j]
        squares += centred[i][j] * centred[i][j]
      }
    }
    guard squares > 0 else { return centred }
    let scale = n / squares.squareRoot()
    return centred.map { row in row.map { $0 * scale } }
  }
}
