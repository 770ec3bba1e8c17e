import WeightSimilarity

extension HeadMatrices {
  private static let mostRows = 16
  /// A row with this share of its energy in one element selects a channel. The elements of a learned row are hundreds, of which the
  /// largest has a few hundredths.
  private static let selectingShare = 0.5

  /// Whether one of the four matrices starts at the identity, or at another selection of channels, and has not left it: each row has a
  /// channel of its own. The circuits of such heads follow from their numbers, which unrelated models share. (One channel that
  /// dominates all rows is an outlier channel, and no selection.) Cost: reads 16 rows of each matrix.
  var areSelections: Bool { [query, key, value, output].contains(where: Self.selects) }

  private static func selects(_ matrix: MatrixRows) -> Bool {
    let count = min(mostRows, matrix.rows)
    guard count > 1, matrix.columns > 2 else { return false }
    var channels: [Int] = []
    for i in 0..<count {
      let row = i * matrix.rows / count
      let squares = matrix.read(row..<row + 1, 0..<matrix.columns).map { Double($0) * Double($0) }
      guard let most = squares.indices.max(by: { squares[$0] < squares[$1] }), squares[most] > 0 else { continue }
      if squares[most] >= selectingShare * squares.reduce(0, +) { channels.append(most) }
    }
    return channels.count * 2 >= count && Set(channels).count * 2 >= channels.count && Set(channels).count > 1
  }
}
