/// Agreements of rows of signs.
enum SignRows {
  static let all = Array(0..<SketchRule.rows)
  /// Rows by which a layer chooses its counterpart.
  static let choosing = all.filter { $0 % 2 == 0 }
  /// Rows by which the choice is tested.
  static let tested = all.filter { $0 % 2 == 1 }

  /// The mean cosines of the signs of row i with those of row i + s among `rows` (cyclic), for s = 0, 1, ….
  static func cosines(_ own: [UInt32], _ other: [UInt32], _ rows: [Int]) -> [Double] {
    let count = rows.count
    return (0..<count).map { shift -> Double in
      var different = 0
      for i in 0..<count { different += (own[rows[i]] ^ other[rows[(i + shift) % count]]).nonzeroBitCount }
      return 1 - 2 * Double(different) / Double(SketchRule.columns * count)
    }
  }

  /// The agreement of rows with one index beyond one half, in standard deviations of coins.
  static func z(_ pairs: [(own: [UInt32], other: [UInt32])], _ rows: [Int]) -> Double {
    let bits = SketchRule.columns * rows.count * pairs.count
    var different = 0
    for pair in pairs { for row in rows { different += (pair.own[row] ^ pair.other[row]).nonzeroBitCount } }
    return Double(bits - 2 * different) / Double(max(bits, 1)).squareRoot()
  }
}
