import LinearAlgebra

/// The coordinates in which rows of two models are compared once the basis is known: the foundation's channels, or those of the
/// narrower model.
///
/// If the basis has only re-ordered the channels, they are put in order and nothing is fitted. If it has rotated them, the rows
/// of the wider model are multiplied by it. In wide rotated models a row becomes `sketchWidth` random combinations of its
/// channels, the same combinations in both models (a random projection; Achlioptas, Database-friendly random projections, 2003).
/// Products keep their mean, and the cosine of a matrix has an error of 1 / √(sketchWidth · rows).
struct SharedCoordinates: Sendable {
  /// How a model's rows are brought to the shared coordinates.
  enum Projection: Sendable {
    case kept
    case gathered([Int], signs: [Float])
    case product(Matrix)

    func callAsFunction(_ rows: Matrix) -> Matrix {
      switch self {
      case .kept: return rows
      case .product(let matrix): return rows.times(matrix)
      case .gathered(let channels, let signs):
        var found = Matrix(rows: rows.rows, columns: channels.count)
        for i in 0..<rows.rows {
          for (k, channel) in channels.enumerated() {
            found.values[i * channels.count + k] = signs[k] * rows.values[i * rows.columns + channel]
          }
        }
        return found
      }
    }
  }

  /// The rows of rotated models wider than this are sketched.
  static let mostWidth = 1_024
  static let sketchWidth = 512

  let candidate: Projection
  let foundation: Projection

  /// `isSketched`: whether the rows of wide models are sketched even if channels are only re-ordered, which saves time.
  init(_ channels: ChannelMap, basis: Matrix, isSketched: Bool = false, seed: UInt64 = 7) {
    let isWide = channels.width > Self.mostWidth
    if channels.isRotated {
      if isWide {
        let random = Self.signs(rows: basis.columns, seed: seed)
        (candidate, foundation) = (.product(random), .product(basis.times(random)))
      } else if basis.columns <= basis.rows {
        (candidate, foundation) = (.kept, .product(basis))
      } else {
        (candidate, foundation) = (.product(basis.transposed), .kept)
      }
      return
    }
    let all = Self.completed(channels, basis)
    if isWide, isSketched {
      let random = Self.signs(rows: all.count, seed: seed)
      let spread = { (width: Int, own: (ChannelMap.Channel) -> (Int, Int)) in
        var matrix = Matrix(rows: width, columns: random.columns)
        for (row, channel) in all.enumerated() {
          let (number, sign) = own(channel)
          for c in 0..<random.columns { matrix[number, c] = Float(sign) * random[row, c] }
        }
        return matrix
      }
      candidate = .product(spread(basis.columns) { ($0.candidate, $0.sign) })
      foundation = .product(spread(basis.rows) { ($0.foundation, 1) })
    } else if channels.isSame {
      (candidate, foundation) = (.kept, .kept)
    } else {
      candidate = .gathered(all.map(\.candidate), signs: all.map { Float($0.sign) })
      foundation = .gathered(all.map(\.foundation), signs: all.map { _ in 1 })
    }
  }

  /// The channels of a map. Channels that the map lacks are matched by the largest entries of the basis.
  private static func completed(_ map: ChannelMap, _ basis: Matrix) -> [ChannelMap.Channel] {
    let (rows, columns) = (Set(map.channels.map(\.foundation)), Set(map.channels.map(\.candidate)))
    let (i, j) = ((0..<basis.rows).filter { !rows.contains($0) }, (0..<basis.columns).filter { !columns.contains($0) })
    var scores = Matrix(rows: i.count, columns: j.count)
    for (k, row) in i.enumerated() {
      for (l, column) in j.enumerated() { scores[k, l] = basis[row, column] }
    }
    let found = MutualMatches(exhausting: scores, absolute: true).partner.enumerated().filter { $1 >= 0 }.map { k, l in
      ChannelMap.Channel(candidate: j[l], foundation: i[k], sign: scores[k, l] < 0 ? -1 : 1)
    }
    return (map.channels + found).sorted { $0.foundation < $1.foundation }
  }

  /// Random signs divided by √sketchWidth: rows × sketchWidth.
  private static func signs(rows: Int, seed: UInt64) -> Matrix {
    var random = SplitMix(seed: seed)
    let unit = 1 / Float(sketchWidth).squareRoot()
    return Matrix(
      rows: rows, columns: sketchWidth, values: (0..<rows * sketchWidth).map { _ in random.sign() * unit })
  }
}
