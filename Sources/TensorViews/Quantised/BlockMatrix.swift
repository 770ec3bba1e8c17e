import ElementTypes
import Quantisation
import TensorFiles

/// A matrix of bitsandbytes' codes of four bits.
struct BlockMatrix: MatrixSource {
  private let format: BlockCodes
  private let codes: TensorSlice
  private let magnitudes: TensorSlice
  private let outer: TensorSlice?

  /// The matrix in these parts; nil if one of them does not have the length of the format.
  init?(_ format: BlockCodes, codes: TensorSlice, magnitudes: TensorSlice, outer: TensorSlice?) {
    let count = format.rows * format.columns
    guard codes.byteCount == count / 2 + count % 2, magnitudes.count == format.blocks else { return nil }
    if let nesting = format.nesting {
      guard magnitudes.type == .u8, outer?.type == .f32, outer?.count == (format.blocks - 1) / nesting.block + 1 else {
        return nil
      }
    } else {
      guard magnitudes.type == .f32, outer == nil else { return nil }
    }
    self.format = format
    self.codes = codes
    self.magnitudes = magnitudes
    self.outer = outer
  }

  var rows: Int { format.rows }
  var columns: Int { format.columns }
  /// Equal codes and magnitudes give equal numbers.
  var isExact: Bool { true }
  var rowGrain: Int { 1 }
  var allSlices: [TensorSlice] { [codes, magnitudes] + [outer].compactMap(\.self) }
  var storedBytes: Int { allSlices.reduce(0) { $0 + $1.byteCount } }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    codes.withBytes { codes in
      magnitudes.withBytes { magnitudes in
        CodedParts.withBytes(of: outer) { outer in
          format.decode(
            codes: codes, magnitudes: magnitudes, outer: outer, rows: rows, columns: columns, into: &values, at: start,
            stride: stride)
        }
      }
    }
  }
}
