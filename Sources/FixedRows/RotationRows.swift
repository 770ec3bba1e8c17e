import LinearAlgebra
import ModelAnatomy

/// Whether the rows of a matrix are those of a rotation: of one length, and orthogonal to each other. Rotations are drawn or computed,
/// and shipped with quantised models (QuIP#, FlatQuant, SpinQuant); matrices are initialised so, too. No training ends there. Equal
/// ones in two models say that one program wrote both.
///
/// Like `FormulaRows`, this is asked only of roles that no table of architectures knows. Cost: reads 16 rows.
enum RotationRows {
  private static let rows = 16
  /// Mean squared cosine of two rows, as a share of that of independent rows, which is 1/columns within some 15 % for 120 pairs of rows.
  /// Rounding to 8 bits of mantissa leaves about 10⁻⁵ of it.
  private static let mostChance = 0.01
  /// The largest difference in length of two rows, as a share.
  private static let mostLength = 0.02

  /// Whether rows in the middle of `weight` are orthogonal, or the first rows of `sample`.
  static func hold(in weight: Weight, rows sample: Range<Int>? = nil) -> Bool {
    let first = sample?.lowerBound ?? (weight.rows - rows) / 2
    guard !weight.role.isKnown, weight.isMatrix, weight.components == 1, weight.rows >= rows, weight.columns >= weight.rows,
      sample.map({ $0.count >= rows }) ?? true
    else { return false }
    var block = RowBlock()
    block.resize(rows: rows, columns: weight.columns)
    for row in 0..<rows {
      block.fill(row) { values, start in
        weight.read(
          rows: first + row..<first + row + 1, columns: 0..<weight.columns, into: &values, at: start, stride: weight.columns)
      }
    }
    return areOrthogonal(block)
  }

  /// The same for rows that were read; false where one is zero or has a number that is not finite.
  static func areOrthogonal(_ block: RowBlock) -> Bool {
    guard block.isFinite.allSatisfy(\.self) else { return false }
    var products = [Double](repeating: 0, count: block.rows * block.rows)
    block.addProducts(with: block, to: &products)
    let squares = (0..<block.rows).map { products[$0 * block.rows + $0] }
    let (least, most) = (squares.min() ?? 0, squares.max() ?? 0)
    guard least > 0, most.isFinite, most <= least * (1 + mostLength) * (1 + mostLength) else { return false }
    var total = 0.0
    for i in 0..<block.rows {
      for j in 0..<i {
        let product = products[i * block.rows + j]
        total += product * product / (squares[i] * squares[j])
      }
    }
    let pairs = Double(block.rows * (block.rows - 1) / 2)
    return total / pairs <= mostChance / Double(block.columns)
  }
}
