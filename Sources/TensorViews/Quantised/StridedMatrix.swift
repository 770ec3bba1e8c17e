import Quantisation
import TensorFiles

/// A matrix of HQQ's codes.
struct StridedMatrix: MatrixSource {
  private let format: StridedCodes
  private let codes: TensorSlice
  private let scales: TensorSlice
  private let zeros: TensorSlice

  /// The matrix in these parts; nil if one of them does not have the length of the format.
  init?(_ format: StridedCodes, codes: TensorSlice, scales: TensorSlice, zeros: TensorSlice) {
    guard codes.byteCount == format.codeBytes, scales.count == format.groupCount, zeros.count == format.groupCount else {
      return nil
    }
    (self.format, self.codes, self.scales, self.zeros) = (format, codes, scales, zeros)
  }

  var rows: Int { format.rows }
  var columns: Int { format.columns }
  /// Equal codes, scales and zero points give equal numbers.
  var isExact: Bool { true }
  var rowGrain: Int { 1 }
  var allSlices: [TensorSlice] { [codes, scales, zeros] }
  var storedBytes: Int { allSlices.reduce(0) { $0 + $1.byteCount } }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    codes.withBytes { codes in
      scales.withBytes { scales in
        zeros.withBytes { zeros in
          format.decode(
            codes: codes, scales: scales, zeros: zeros, rows: rows, columns: columns, into: &values, at: start, stride: stride)
        }
      }
    }
  }
}
