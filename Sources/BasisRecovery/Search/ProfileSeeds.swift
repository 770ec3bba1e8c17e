import LinearAlgebra
import Threads

/// Pairs of neurons whose profiles are mutual nearest neighbours: the start of the alternation.
struct ProfileSeeds: Sendable {
  /// A row of the candidate's profiles, a row of the foundation's, and the ratio of nearest to second nearest distance; the most
  /// certain first.
  var pairs: [(candidate: Int, foundation: Int, ratio: Float)]

  /// Rows whose distances are in memory at once.
  private static let block = 256

  /// The better half of the mutual nearest neighbours, by the ratio of the nearest distance to the second nearest.
  ///
  /// The profiles come from `NeuronProfile.profiles`, for neurons of one layer or of many.
  /// O(candidate's rows · foundation's rows · features), shared by `workers`.
  init(candidate: Matrix, foundation: Matrix, workers: Workers) {
    let (x, y) = NeuronProfile.standardise(candidate, foundation)
    let (nx, ny) = (Self.squares(x), Self.squares(y))
    let n = foundation.rows
    let starts = Array(stride(from: 0, to: candidate.rows, by: Self.block))
    let parts = workers.map(starts.count) { Self.nearest(x, starts[$0], y, nx, ny) }
    var columns = Nearest(count: n)
    for part in parts {
      for j in 0..<n where part.columns.distance[j] < columns.distance[j] {
        columns.distance[j] = part.columns.distance[j]
        columns.row[j] = part.columns.row[j]
      }
    }
    var found: [(candidate: Int, foundation: Int, ratio: Float)] = []
    for (start, part) in zip(starts, parts) {
      for (k, j) in part.rows.row.enumerated() where j >= 0 && columns.row[j] == start + k {
        let (first, second) = (max(part.rows.distance[k], 0), part.second[k])
        // If two neurons have equal profiles, neither is nearer: such a neuron is not a seed.
        if second > 0 { found.append((start + k, j, first / second)) }
      }
    }
    found.sort { ($0.ratio, $0.candidate) < ($1.ratio, $1.candidate) }
    pairs = Array(found.prefix(max(SearchRule.leastSeeds, found.count / 2)))
  }

  private struct Nearest: Sendable {
    var distance: [Float]
    /// The index of the nearest row.
    var row: [Int]

    init(count: Int) {
      distance = Array(repeating: .infinity, count: count)
      row = Array(repeating: -1, count: count)
    }
  }

  private static func squares(_ matrix: Matrix) -> [Float] {
    (0..<matrix.rows).map {
      Float(sumAndSquares(matrix.values.span.extracting($0 * matrix.columns..<($0 + 1) * matrix.columns)).squares)
    }
  }

  private static func nearest(
    _ x: Matrix, _ start: Int, _ y: Matrix, _ nx: [Float], _ ny: [Float]
  ) -> (rows: Nearest, second: [Float], columns: Nearest) {
    let range = start..<min(start + block, x.rows)
    let products = x.timesTranspose(of: y, rows: range)
    let values = products.values.span
    var (rows, columns) = (Nearest(count: range.count), Nearest(count: y.rows))
    var second = [Float](repeating: .infinity, count: range.count)
    for k in 0..<range.count {
      var (best, next, nearest) = (Float.infinity, Float.infinity, -1)
      for j in 0..<y.rows {
        let distance = nx[start + k] + ny[j] - 2 * values[k * y.rows + j]
        if distance < best {
          (next, best, nearest) = (best, distance, j)
        } else if distance < next {
          next = distance
        }
        if distance < columns.distance[j] {
          columns.distance[j] = distance
          columns.row[j] = start + k
        }
      }
      (rows.distance[k], rows.row[k], second[k]) = (best, nearest, next)
    }
    return (rows, second, columns)
  }
}
