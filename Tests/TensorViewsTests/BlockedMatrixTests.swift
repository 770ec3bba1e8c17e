import Checkpoints
import TensorFiles
import TestKit
import Testing

@testable import TensorViews

/// Tensors in blocks as parameters, on the file that the reference wrote.
@Suite struct BlockedMatrixTests {
  private static let path =
    #filePath.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" } + "/testdata/gguf/blocks.gguf"

  @Test("tensors in blocks are parameters with the numbers that the reference decodes, whole and in part")
  func numbers() throws {
    let checkpoint = try Checkpoint.open(Self.path)
    let parameters = Parameters(of: checkpoint)
    #expect(parameters.skippedTensors.isEmpty)
    var random = SeededGenerator(5)
    for parameter in parameters.all where parameter.quantisation != nil {
      #expect(parameter.quantisation == "GGUF \(parameter.name)")
      let stored = try #require(parameters.all.first { $0.name == parameter.name + ".f32" })
      let (found, wanted) = (parameter.rows(of: checkpoint), stored.rows(of: checkpoint))
      #expect(found.rows == 2 && found.columns == wanted.columns && found.isExact)
      for _ in 0..<20 {
        let ends = [Int(random.next() % UInt64(found.columns)), Int(random.next() % UInt64(found.columns))].sorted()
        let columns = ends[0]..<ends[1] + 1
        let rows = [0..<1, 1..<2, 0..<2][Int(random.next() % 3)]
        #expect(numbers(found, rows, columns) == numbers(wanted, rows, columns), "\(parameter.name) \(rows) \(columns)")
      }
      #expect(numbers(found, 0..<2, 0..<found.columns) == numbers(wanted, 0..<2, 0..<found.columns))
    }
  }

  @Test("a part of a matrix needs its blocks alone")
  func slices() throws {
    let checkpoint = try Checkpoint.open(Self.path)
    let parameter = try #require(Parameters(of: checkpoint).all.first { $0.name == "Q4_K" })
    let matrix = parameter.rows(of: checkpoint)
    #expect(matrix.slices(rows: 1..<2, columns: 256..<300).map(\.byteCount) == [144])
    #expect(matrix.slices(rows: 0..<2, columns: 0..<512).map(\.byteCount) == [4 * 144])
    #expect(matrix.slices(rows: 0..<0, columns: 0..<512).isEmpty)
  }

  /// Bits, because a NaN is not equal to itself; every NaN counts as one.
  private func numbers(_ matrix: any MatrixSource, _ rows: Range<Int>, _ columns: Range<Int>) -> [UInt32] {
    var values = [Float](repeating: 0, count: rows.count * columns.count)
    var span = values.mutableSpan
    matrix.read(rows: rows, columns: columns, into: &span, at: 0, stride: columns.count)
    return values.map { $0.isNaN ? 1 : $0.bitPattern }
  }
}
