import Foundation
import LinearAlgebra
import TestKit
import Testing

@testable import FixedRows

@Suite struct FormulaRowsTests {
  private func follow(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Double) -> Bool {
    let values = (0..<rows * columns).map { Double(Float(value($0 / columns, $0 % columns))) }
    return FormulaRows.follow(values, rows: rows, columns: columns)
  }

  @Test("tables of sines, ramps, identities, Hadamard matrices and constants follow a formula")
  func formulas() {
    #expect(
      follow(64, 128) { row, column in
        let angle = Double(row + 30) / pow(10000, Double(column / 2 * 2) / 128)
        return column.isMultiple(of: 2) ? sin(angle) : cos(angle)
      })
    #expect(follow(64, 16) { row, column in Double(row) * 0.3 + Double(column) })
    #expect(follow(32, 32) { $0 == $1 ? 1 : 0 })
    #expect(follow(32, 64) { $0 * 2 == $1 ? 0.7 : 0 })
    #expect(follow(64, 64) { ($0 & $1).nonzeroBitCount.isMultiple(of: 2) ? 0.125 : -0.125 })
    #expect(follow(16, 16) { _, column in log(Double(column + 1)) })
    #expect(follow(16, 16) { _, _ in 0 })
  }

  @Test("learned rows do not, whatever their spectrum")
  func learned() {
    var random = SeededGenerator(5)
    let noise = (0..<64 * 64).map { _ in random.normal() }
    #expect(!follow(64, 64) { noise[$0 * 64 + $1] })
    // A common row, as biases and outlier channels make it, predicts no more than itself.
    #expect(!follow(64, 64) { 0.5 * noise[$0 * 64 + $1] + ($1 == 3 ? 4 : 0) })
    // Ternary weights.
    #expect(
      !follow(64, 64) {
        let x = noise[$0 * 64 + $1]; return x > 0.6 ? 0.1 : x < -0.6 ? -0.1 : 0
      })
    #expect(!follow(8, 8) { row, column in row == 2 ? .nan : Double(column) })
  }

  @Test("rotations are recognised in bf16, and independent rows are none", arguments: [64, 72, 144])
  func rotations(width: Int) {
    var random = SeededGenerator(6)
    func block(_ values: [Float]) -> RowBlock {
      var block = RowBlock()
      block.resize(rows: 16, columns: width)
      for row in 0..<16 {
        block.fill(row) { span, start in
          for k in 0..<width { span[start + k] = Float(bitPattern: values[row * width + k].bitPattern & 0xffff_0000) }
        }
      }
      return block
    }
    #expect(RotationRows.areOrthogonal(block(random.orthogonalRows(width))), "\(random)")
    let learned = (0..<16 * width).map { _ in Float(random.normal()) }
    #expect(!RotationRows.areOrthogonal(block(learned)), "\(random)")
    // Orthogonal rows that training moved.
    let moved = zip(random.orthogonalRows(width), learned).map { $0 + 0.05 * $1 }
    #expect(!RotationRows.areOrthogonal(block(moved)), "\(random)")
    #expect(!RotationRows.areOrthogonal(block(Array(repeating: 0, count: 16 * width))))
  }
}
