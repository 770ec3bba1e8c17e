extension Matrix {
  /// A·Bᵀ, the inner products of the rows in `chosen` (all when nil) with all rows of B. O(rows · B's rows · columns).
  package func timesTranspose(of other: Matrix, rows chosen: Range<Int>? = nil) -> Matrix {
    var b = other.place(rows: 0..<other.rows, columns: 0..<other.columns)
    b.isTransposed = true
    return product(place(rows: chosen ?? 0..<rows, columns: 0..<columns), other, b)
  }

  /// A·B for the rows of `chosen` (all when nil). O(rows · columns · B's columns).
  package func times(_ other: Matrix, rows chosen: Range<Int>? = nil) -> Matrix {
    product(
      place(rows: chosen ?? 0..<rows, columns: 0..<columns), other,
      other.place(rows: 0..<other.rows, columns: 0..<other.columns))
  }

  /// Aᵀ·B of two matrices with as many rows, for some columns of each (all when nil).
  /// O(rows · columns · B's columns).
  package func transposeTimes(_ other: Matrix, columns chosen: Range<Int>? = nil, _ others: Range<Int>? = nil) -> Matrix {
    var a = place(rows: 0..<rows, columns: chosen ?? 0..<columns)
    a.isTransposed = true
    return product(a, other, other.place(rows: 0..<other.rows, columns: others ?? 0..<other.columns))
  }

  private func place(rows chosenRows: Range<Int>, columns chosen: Range<Int>) -> OpenBLAS.Operand {
    precondition(chosenRows.lowerBound >= 0 && chosenRows.upperBound <= rows, "rows \(chosenRows) of \(rows)")
    precondition(chosen.lowerBound >= 0 && chosen.upperBound <= columns, "columns \(chosen) of \(columns)")
    return OpenBLAS.Operand(
      first: chosenRows.lowerBound * columns + chosen.lowerBound, rows: chosenRows.count, columns: chosen.count,
      stride: max(columns, 1))
  }

  private func product(_ a: OpenBLAS.Operand, _ other: Matrix, _ b: OpenBLAS.Operand) -> Matrix {
    let m = a.isTransposed ? a.columns : a.rows
    let n = b.isTransposed ? b.rows : b.columns
    var result = Matrix(rows: m, columns: n)
    var target = result.values.mutableSpan
    OpenBLAS.multiply(values.span, a, other.values.span, b, into: &target, adding: false)
    return result
  }
}
