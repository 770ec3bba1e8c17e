import LinearAlgebra

/// Inner products, sums and squared norms of the matrices of several layers, added up block by block in f64.
struct LayerSums: Sendable {
  private let rows: Int
  private let columns: Int
  /// Σ row · column, `rows × columns`, row-major.
  private var products: [Double]
  private var rowSums: [Double]
  private var rowSquares: [Double]
  private var columnSums: [Double]
  private var columnSquares: [Double]

  init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    products = Array(repeating: 0, count: rows * columns)
    rowSums = Array(repeating: 0, count: rows)
    rowSquares = rowSums
    columnSums = Array(repeating: 0, count: columns)
    columnSquares = columnSums
  }

  mutating func add(_ other: LayerSums) {
    for i in products.indices { products[i] += other.products[i] }
    for i in rowSums.indices {
      rowSums[i] += other.rowSums[i]
      rowSquares[i] += other.rowSquares[i]
    }
    for j in columnSums.indices {
      columnSums[j] += other.columnSums[j]
      columnSquares[j] += other.columnSquares[j]
    }
  }

  /// Adds one block.
  mutating func addProduct(_ candidate: RowBlock, _ foundation: RowBlock) {
    candidate.addProducts(with: foundation, to: &products)
    add(rows: candidate.sums, candidate.squares, columns: foundation.sums, foundation.squares)
  }

  /// Adds one block that is stored as bf16; both sides must be sound (``BF16Block/isSound``).
  mutating func addProduct(_ candidate: BF16Block, _ foundation: BF16Block) {
    candidate.addProducts(with: foundation, to: &products)
    add(rows: candidate.sums, candidate.squares, columns: foundation.sums, foundation.squares)
  }

  private mutating func add(
    rows sumsOfRows: [Double], _ squaresOfRows: [Double], columns sumsOfColumns: [Double], _ squaresOfColumns: [Double]
  ) {
    for i in 0..<rows {
      rowSums[i] += sumsOfRows[i]
      rowSquares[i] += squaresOfRows[i]
    }
    for j in 0..<columns {
      columnSums[j] += sumsOfColumns[j]
      columnSquares[j] += squaresOfColumns[j]
    }
  }

  /// The cosine of row `i` and column `j` over `count` elements; nil if a norm is zero or not finite.
  func cosine(_ i: Int, _ j: Int, _ metric: LayerMatrix.Metric, count: Int) -> Double? {
    var (product, rowSquare, columnSquare) = (products[i * columns + j], rowSquares[i], columnSquares[j])
    if metric == .centred {
      let n = Double(count)
      product -= rowSums[i] * columnSums[j] / n
      rowSquare -= rowSums[i] * rowSums[i] / n
      columnSquare -= columnSums[j] * columnSums[j] / n
    }
    let norms = rowSquare.squareRoot() * columnSquare.squareRoot()
    guard rowSquare > 0, columnSquare > 0, norms.isFinite, norms > 0 else { return nil }
    return min(max(product / norms, -1), 1)
  }
}
