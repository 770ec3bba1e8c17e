import LinearAlgebra
import TestKit
import Testing

@Suite("Matrices")
struct MatrixTests {
  private func matrix(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> Matrix {
    Matrix(rows: rows, columns: columns, values: (0..<rows * columns).map { _ in Float(random.normal()) })
  }

  private func isClose(_ a: Matrix, _ b: Matrix) -> Bool {
    a.rows == b.rows && a.columns == b.columns && zip(a.values, b.values).allSatisfy { abs($0 - $1) < 1e-4 }
  }

  /// A·B by its definition.
  private func plain(_ a: Matrix, _ b: Matrix) -> Matrix {
    var c = Matrix(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        c[i, j] = Float((0..<a.columns).reduce(0.0) { $0 + Double(a[i, $1]) * Double(b[$1, j]) })
      }
    }
    return c
  }

  @Test("the three products are those of a plain loop", arguments: [(1, 1, 1), (5, 3, 7), (20, 33, 8), (0, 4, 2), (3, 0, 2)])
  func products(m: Int, k: Int, n: Int) {
    var random = SeededGenerator(61)
    let (a, b) = (matrix(m, k, &random), matrix(k, n, &random))
    let expected = plain(a, b)
    let transposed = (a.transposed, b.transposed)
    #expect(isClose(a.times(b), expected), "\(random)")
    #expect(isClose(a.timesTranspose(of: transposed.1), expected), "\(random)")
    #expect(isClose(transposed.0.transposeTimes(b), expected), "\(random)")
  }

  @Test("a product of some rows or columns is that part of the whole")
  func parts() {
    var random = SeededGenerator(62)
    let (a, b) = (matrix(9, 5, &random), matrix(9, 6, &random))
    let whole = a.transposeTimes(b)
    let part = a.transposeTimes(b, columns: 1..<4, 2..<6)
    #expect(part.rows == 3 && part.columns == 4)
    for i in 0..<3 {
      for j in 0..<4 { #expect(abs(part[i, j] - whole[i + 1, j + 2]) < 1e-5, "\(random)") }
    }
    let rows = a.times(a.transposed, rows: 3..<5)
    #expect(isClose(rows, a.times(a.transposed).taking([3, 4])), "\(random)")
  }

  @Test("stacked and taken rows are copies, in the order asked for")
  func rows() {
    let a = Matrix(rows: 2, columns: 2, values: [1, 2, 3, 4])
    #expect(Matrix(stacking: [a, a]).taking([3, 0, 0]).values == [3, 4, 1, 2, 1, 2])
    #expect(Matrix.identity(2).values == [1, 0, 0, 1])
    #expect(a.transposed.values == [1, 3, 2, 4])
  }

  @Test("rows become unit vectors; a zero row and a NaN become zeros of length 0")
  func unit() {
    var a = Matrix(rows: 3, columns: 2, values: [3, 4, 0, 0, .nan, 1])
    let lengths = a.normaliseRows()
    #expect(lengths == [5, 0, 0])
    #expect(a.values == [0.6, 0.8, 0, 0, 0, 0])
  }

  @Test("matrices that do not fit stop the program")
  func misfits() async {
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 1, columns: 2).times(Matrix(rows: 1, columns: 2)) }
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 1, columns: 2, values: [1]) }
    await #expect(processExitsWith: .failure) { _ = Matrix(rows: 1, columns: 2).times(Matrix(rows: 2, columns: 1), rows: 0..<2) }
  }
}
