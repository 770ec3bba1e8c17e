import CKernels
import LinearAlgebra
import TestKit
import Testing

@Suite("Mutual highest numbers")
struct MutualHighestTests {
  @Test("are those of plain loops, at any shape", arguments: [(1, 1), (3, 17), (40, 16), (33, 100), (100, 33)], [true, false])
  func plain(shape: (Int, Int), absolute: Bool) {
    var random = SeededGenerator(111)
    let (m, n) = shape
    let matrix = Matrix(rows: m, columns: n, values: (0..<m * n).map { _ in Float(random.normal()) })
    func value(_ i: Int, _ j: Int) -> Float { absolute ? abs(matrix[i, j]) : matrix[i, j] }
    let expected = (0..<m).map { i in
      guard let j = (0..<n).max(by: { value(i, $0) < value(i, $1) }), value(i, j) > 0 else { return -1 }
      return (0..<m).allSatisfy { value($0, j) <= value(i, j) } ? j : -1
    }
    #expect(matrix.mutualHighest(absolute: absolute) == expected, "\(random)")
  }

  @Test("of equal numbers the first counts, once")
  func ties() {
    let equal = Matrix(rows: 3, columns: 20, repeating: 0.5)
    #expect(equal.mutualHighest() == [0, -1, -1])
    #expect(Matrix(rows: 2, columns: 3, values: [0, -1, 0, -2, 0, 0]).mutualHighest() == [-1, -1])
    #expect(Matrix(rows: 2, columns: 3, values: [0, -1, 0, -2, 0, 0]).mutualHighest(absolute: true) == [1, 0])
    #expect(Matrix(rows: 0, columns: 3).mutualHighest() == [] && Matrix(rows: 2, columns: 0).mutualHighest() == [-1, -1])
  }

  @Test("every instruction set finds the same")
  func sets() {
    var random = SeededGenerator(112)
    let (m, n) = (21, 53)
    let scores = (0..<m * n).map { _ in Float(Int(random.normal() * 8)) / 8 }
    func found(_ isa: Int32) -> [[Int32]] {
      var (row, place, column) = (
        [Int32](repeating: 9, count: m), [Int32](repeating: 9, count: m), [Int32](repeating: 9, count: n)
      )
      unsafe ck_highest_on(isa, scores, Int64(m), Int64(n), 1, &row, &place, &column)
      return [row, place, column]
    }
    let plain = found(0)
    for isa in 0..<Int32(CK_ISA_COUNT) where ck_isa_runs(isa) != 0 {
      let other = found(isa)
      #expect(other == plain, "\(random)")
    }
  }

  @Test("the largest magnitude is the same on every instruction set", arguments: [0, 1, 15, 16, 63, 64, 65, 1000])
  func largestMagnitudes(count: Int) {
    var random = SeededGenerator(113)
    var values = (0..<count).map { _ in Float(random.normal()) }
    // The last one is the largest in turn with one inside, with either sign.
    for place in [count - 1, count / 2] where count > 0 {
      values[place] *= -100
      let expected = values.map(abs).max() ?? 0
      #expect(largestMagnitude(values.span) == expected, "\(random)")
      for isa in 0..<Int32(CK_ISA_COUNT) where ck_isa_runs(isa) != 0 {
        let found = unsafe ck_largest_magnitude_on(isa, values, Int64(count))
        #expect(found == expected, "set \(isa), \(random)")
      }
    }
    if count == 0 { #expect(largestMagnitude(values.span) == 0) }
  }

  @Test("sums of squares by columns are exact on every instruction set", arguments: [0, 1, 7, 16, 65, 1000])
  func squares(count: Int) {
    var random = SeededGenerator(127)
    let values = (0..<count).map { _ in Float(random.normal()) * (random.uniform() < 0.5 ? 1e15 : 1) }
    let start = (0..<count).map { _ in Double(random.uniform()) }
    let expected = zip(start, values).map { $0 + Double($1) * Double($1) }
    var sums = start
    var span = sums.mutableSpan
    addSquares(of: values.span, to: &span)
    #expect(sums == expected, "\(random)")
    for isa in 0..<Int32(CK_ISA_COUNT) where ck_isa_runs(isa) != 0 {
      var other = start
      unsafe ck_add_squares_on(isa, values, Int64(count), &other)
      #expect(other == expected, "set \(isa), \(random)")
    }
  }
}
