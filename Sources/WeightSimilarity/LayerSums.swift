import LinearAlgebra

/// Inner products, sums and squared norms of several layers' matrices, added up block by block in f64.
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
  mutating func addProduct(_ a: RowBlock, _ b: RowBlock) {
    a.addProducts(with: b, to: &products)
    add(a.sums, a.squares, b.sums, b.squares)
  }

  /// The same of blocks that are sound.
  mutating func addProduct(_ a: BF16Block, _ b: BF16Block) {
    a.addProducts(with: b, to: &products)
    add(a.sums, a.squares, b.sums, b.squares)
  }

  private mutating func add(_ sumsA: [Double], _ squaresA: [Double], _ sumsB: [Double], _ squaresB: [Double]) {
    for i in 0..<rows {
      rowSums[i] += sumsA[i]
      rowSquares[i] += squaresA[i]
    }
    for j in 0..<columns {
      columnSums[j] += sumsB[j]
      columnSquares[j] += squaresB[j]
    }
  }

  /// The cosine of row `i` and column `j` over `count` elements, nil where a norm is zero or not finite.
  func cosine(_ i: Int, _ j: Int, _ metric: LayerMatrix.Metric, count: Int) -> Double? {
    var (ab, aa, bb) = (products[i * columns + j], rowSquares[i], columnSquares[j])
    if metric == .centred {
      let n = Double(count)
      ab -= rowSums[i] * columnSums[j] / n
      aa -= rowSums[i] * rowSums[i] / n
      bb -= columnSums[j] * columnSums[j] / n
    }
    let norms = aa.squareRoot() * bb.squareRoot()
    guard aa > 0, bb > 0, norms.isFinite, norms > 0 else { return nil }
    return min(max(ab / norms, -1), 1)
  }
}
