/// The parameters of a sketch. Sketches of different versions cannot be compared, so any change here needs a new version.
package enum SketchRule {
  /// The version of the parameters, and of the record.
  package static let version = 2
  /// Rows that are sampled from a matrix, evenly spaced: a shift of the rows moves whole heads where their number is a multiple of it.
  static let rows = 16
  /// Consecutive columns of each row, at most: one word of signs.
  static let columns = 32
  /// The same at least, however many matrices there are.
  static let leastColumns = 8
  /// Bytes of all signs of a part, from which the number of columns follows: with 224 matrices, those of 32 layers, 12 columns.
  static let signBytes = 5600
  /// Rows of a matrix whose numbers are hashed, and numbers of each. A page of a file of 32-bit numbers has as many.
  static let hashedRows = 4
  static let hashedColumns = 1024
  /// Bytes that are kept of a hash. Among 10⁷ matrices two have one hash by chance with a probability of 3 · 10⁻⁶.
  static let hashBytes = 8

  /// The first of the sampled columns: a third of the width, on a boundary of 32, so that codes of one group are read. A function of
  /// the shape alone.
  static func firstColumn(of width: Int) -> Int { width / 3 / columns * columns }

  /// The columns of a part with so many matrices that may have signs. Sketches with fewer columns have the first ones of the others, so that
  /// parts of different depths can be compared.
  static func columns(matrices: Int) -> Int { max(leastColumns, min(columns, 8 * signBytes / (rows * max(matrices, 1)))) }

  /// The bits of a word of signs that a sketch with so many columns has, 1 … 32.
  static func mask(columns: Int) -> UInt32 { UInt32.max >> UInt32(SketchRule.columns - columns) }

  /// The sampled rows of a matrix; none where it has too few.
  static func sampledRows(of count: Int) -> [Int] {
    count >= rows ? (0..<rows).map { $0 * count / rows } : []
  }

  /// The rows that are hashed: first, last and two between.
  static func hashedRows(of count: Int) -> [Int] {
    let most = min(hashedRows, count)
    return (0..<most).map { most == 1 ? 0 : $0 * (count - 1) / (most - 1) }
  }
}
