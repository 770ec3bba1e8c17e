import TensorFiles
import TensorViews

/// A matrix whose rows, or columns, are scaled to given lengths: DoRA's `m · V / ‖V‖`.
///
/// Rows for a linear layer, where an output is a row; columns for an embedding and for a base that is stored `[in, out]`. Lengths
/// are sums in f64 over all of a row or column in its order, so that every rectangle that is read gives the same numbers. A row
/// of zeros stays zero (PEFT: NaN). Cost: reading a part of a row reads the whole row, because its length depends on all of it.
/// Columns are measured once, at the first read.
///
/// Source: PEFT 0.21.2, `lora/dora.py` and `lora/variants.py`; Liu et al., DoRA: Weight-Decomposed Low-Rank Adaptation (2024),
/// 4.1.
struct RescaledMatrix: MatrixSource {
  private let source: any MatrixSource
  /// One row with a number for each row (or column) of the matrix.
  private let lengths: any MatrixSource
  /// Nil where rows are scaled.
  private let columnNorms: ColumnNorms?

  /// `lengths` is one row of a number for each row of `source`, or for each column.
  init(_ source: any MatrixSource, lengths: any MatrixSource, ofColumns: Bool) {
    precondition(lengths.rows == 1 && lengths.columns == (ofColumns ? source.columns : source.rows), "lengths of another matrix")
    self.source = source
    self.lengths = lengths
    columnNorms = ofColumns ? ColumnNorms(of: source) : nil
  }

  var rows: Int { source.rows }
  var columns: Int { source.columns }
  var isExact: Bool { source.isExact }
  var rowGrain: Int { source.rowGrain }
  var allSlices: [TensorSlice] { source.allSlices + lengths.allSlices }
  var storedBytes: Int { source.storedBytes + lengths.storedBytes }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    source.read(rows: rows, columns: columns, into: &values, at: start, stride: stride)
    guard !rows.isEmpty, !columns.isEmpty else { return }
    if let columnNorms {
      let factors = self.factors(columns, columnNorms.values[columns])
      for i in 0..<rows.count {
        for j in 0..<columns.count { values[start + i * stride + j] *= factors[j] }
      }
      return
    }
    var squares = [Double](repeating: 0, count: rows.count)
    if columns.count == self.columns {
      for i in 0..<rows.count {
        for j in 0..<columns.count {
          squares[i] += Double(values[start + i * stride + j]) * Double(values[start + i * stride + j])
        }
      }
    } else {
      addSquares(of: rows, to: &squares)
    }
    let factors = self.factors(rows, squares.map { $0.squareRoot() }[...])
    for i in 0..<rows.count {
      for j in 0..<columns.count { values[start + i * stride + j] *= factors[i] }
    }
  }

  private func factors(_ range: Range<Int>, _ norms: ArraySlice<Double>) -> [Float] {
    var wanted = [Float](repeating: 0, count: range.count)
    var span = wanted.mutableSpan
    lengths.read(rows: 0..<1, columns: range, into: &span, at: 0, stride: range.count)
    return zip(wanted, norms).map { $1 == 0 ? 0 : Float(Double($0) / $1) }
  }

  /// Adds the squares of whole rows, in the order of the columns.
  private func addSquares(of rows: Range<Int>, to squares: inout [Double]) {
    let (height, width) = (max(rowGrain, 16), min(columns, 4096))
    var part = [Float](repeating: 0, count: min(height, rows.count) * width)
    for row in Swift.stride(from: rows.lowerBound, to: rows.upperBound, by: height) {
      let some = row..<min(row + height, rows.upperBound)
      for column in Swift.stride(from: 0, to: columns, by: width) {
        let columns = column..<min(column + width, self.columns)
        var span = part.mutableSpan
        source.read(rows: some, columns: columns, into: &span, at: 0, stride: width)
        for i in 0..<some.count {
          let square = row - rows.lowerBound + i
          for j in 0..<columns.count { squares[square] += Double(part[i * width + j]) * Double(part[i * width + j]) }
        }
      }
    }
  }
}
