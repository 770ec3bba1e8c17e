import LinearAlgebra
import TestKit
import Testing

@Suite("Products")
struct ProductTests {
  private func matrix(_ rows: Int, _ columns: Int, _ random: inout SeededGenerator) -> [Float] {
    (0..<rows * columns).map { _ in Float(random.normal()) }
  }

  private func plain(_ a: [Float], _ m: Int, _ b: [Float], _ n: Int, _ k: Int) -> [Double] {
    (0..<m * n).map { cell in
      let (i, j) = (cell / n * k, cell % n * k)
      var sum = 0.0
      for c in 0..<k { sum += Double(a[i + c]) * Double(b[j + c]) }
      return sum
    }
  }

  @Test("A·Bᵀ is that of a plain loop", arguments: [(1, 1, 1), (3, 5, 7), (8, 2, 5_000), (0, 4, 3), (4, 4, 0)])
  func products(m: Int, n: Int, k: Int) {
    var random = SeededGenerator(31)
    let (a, b) = (matrix(m, k, &random), matrix(n, k, &random))
    let found = product(a, rows: m, b, rows: n, columns: k)
    let expected = plain(a, m, b, n, k)
    #expect(found.count == m * n)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-6 * Double(max(k, 1)) }, "\(random)")
  }

  @Test("a product is added to what is there")
  func adding() {
    var sums = [10.0, 20], scratch = [Float](repeating: 0, count: 2)
    var total = sums.mutableSpan, room = scratch.mutableSpan
    addProduct([Float]([1, 2]).span, rows: 1, [Float]([3, 4, 5, 6]).span, rows: 2, columns: 2, into: &total, scratch: &room)
    #expect(sums == [21, 37])
  }

  @Test("a Gram matrix is A·Aᵀ, symmetric to the bit")
  func gram() {
    var random = SeededGenerator(32)
    let a = matrix(6, 4_500, &random)
    var sums = [Double](repeating: 0, count: 36), scratch = [Float](repeating: 0, count: 36)
    var total = sums.mutableSpan, room = scratch.mutableSpan
    addGram(a.span, rows: 6, columns: 4_500, into: &total, scratch: &room)
    let expected = plain(a, 6, a, 6, 4_500)
    #expect(zip(sums, expected).nonEmptyAllSatisfy { abs($0 - $1) < 1e-2 }, "\(random)")
    for i in 0..<6 {
      for j in 0..<6 { #expect(sums[i * 6 + j] == sums[j * 6 + i]) }
    }
  }

  @Test("a matrix smaller than its sides say stops the program")
  func outside() async {
    await #expect(processExitsWith: .failure) { _ = product([1, 2], rows: 2, [1, 2], rows: 1, columns: 2) }
  }

  @Test("rows become unit vectors, whatever their size")
  func unitRows() {
    var random = SeededGenerator(33)
    for size in [1, Float.leastNormalMagnitude / 64, 0x1p126] {
      var values = matrix(3, 50, &random).map { $0 / 6 * size }
      var rows = values.mutableSpan
      let areUsable = normaliseRows(&rows, columns: 50)
      #expect(areUsable)
      for row in 0..<3 {
        let norm = values[row * 50..<(row + 1) * 50].reduce(0.0) { sum, x in sum + Double(x) * Double(x) }
        #expect(abs(norm - 1) < 1e-6, "\(size), \(random)")
      }
    }
  }

  @Test("a zero row and a NaN are told and left alone", arguments: [Float(0), .nan, .infinity])
  func unusableRows(value: Float) {
    var values: [Float] = [3, 4, 0, value]
    var rows = values.mutableSpan
    let areUsable = normaliseRows(&rows, columns: 2)
    #expect(!areUsable)
    #expect(values[0] == 0.6 && values[2] == 0)
  }

  @Test("sum and squares are those of f64")
  func sums() {
    let values = (0..<1_003).map { Float($0) - 100 }
    let found = sumAndSquares(values.span)
    #expect(found.sum == values.reduce(0.0) { sum, x in sum + Double(x) })
    #expect(found.squares == values.reduce(0.0) { sum, x in sum + Double(x) * Double(x) })
    let broken = sumAndSquares([Float]([1, .nan]).span)
    #expect(broken.squares.isNaN)
  }
}
