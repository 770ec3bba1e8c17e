import LinearAlgebra
import TestKit
import Testing

@Suite("Decompositions")
struct DecompositionTests {
  @Test("singular values and vectors make the matrix again", arguments: [(1, 1), (5, 3), (3, 5), (40, 40), (1, 9)])
  func svd(rows: Int, columns: Int) throws {
    var random = SeededGenerator(41)
    let a = (0..<rows * columns).map { _ in random.normal() }
    let (u, s, vt) = try #require(singularValueDecomposition(a, rows: rows, columns: columns))
    let rank = min(rows, columns)
    #expect(s.count == rank && u.count == rows * rank && vt.count == rank * columns)
    #expect(zip(s, s.dropFirst()).allSatisfy { $0 >= $1 })
    for i in 0..<rows {
      for j in 0..<columns {
        var sum = 0.0
        for k in 0..<rank { sum += u[i * rank + k] * s[k] * vt[k * columns + j] }
        #expect(abs(sum - a[i * columns + j]) < 1e-12, "\(random)")
      }
    }
  }

  @Test("eigenvectors are stretched by their eigenvalues", arguments: [1, 2, 17, 60])
  func eigen(side: Int) throws {
    var random = SeededGenerator(42)
    var a = [Double](repeating: 0, count: side * side)
    for i in 0..<side {
      for j in 0...i {
        a[i * side + j] = random.normal()
        a[j * side + i] = a[i * side + j]
      }
    }
    let (values, vectors) = try #require(symmetricEigen(a, side: side))
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 })
    for k in 0..<side {
      for i in 0..<side {
        var sum = 0.0
        for j in 0..<side { sum += a[i * side + j] * vectors[k * side + j] }
        #expect(abs(sum - values[k] * vectors[k * side + i]) < 1e-12 * Double(side), "\(random)")
      }
    }
  }

  @Test("singular values alone are those of the decomposition", arguments: [(1, 1), (5, 3), (3, 5), (40, 40), (1, 9), (90, 30)])
  func valuesAlone(rows: Int, columns: Int) throws {
    var random = SeededGenerator(43)
    let a = (0..<rows * columns).map { _ in random.normal() }
    let expected = try #require(singularValueDecomposition(a, rows: rows, columns: columns)).s
    let found = try #require(singularValues(a, rows: rows, columns: columns))
    #expect(found.count == expected.count)
    #expect(
      zip(found, expected).nonEmptyAllSatisfy { abs($0 - $1) < 1e-12 * expected[0] * expected[0] / max($1, 1e-8) }, "\(random)")
    #expect(singularValues([1, .nan], rows: 1, columns: 2) == nil)
  }

  @Test("a matrix with a NaN has no decomposition")
  func nan() {
    #expect(symmetricEigen([.nan], side: 1) == nil)
    #expect(singularValueDecomposition([1, .infinity], rows: 1, columns: 2) == nil)
  }
}
