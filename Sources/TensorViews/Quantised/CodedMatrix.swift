import Quantisation
import TensorFiles

/// A format of codes with scales, and its layout in the tensors of one matrix.
protocol CodeFormat: Sendable {
  /// Rows of the matrix.
  var rows: Int { get }
  /// Columns of the matrix.
  var columns: Int { get }

  /// See ``MatrixSource/read(rows:columns:into:at:stride:)``.
  func decode(
    codes: RawSpan, scales: RawSpan, zeros: RawSpan?, groups: RawSpan?, rows: Range<Int>, columns: Range<Int>,
    into values: inout MutableSpan<Float>, at start: Int, stride: Int)
}

extension ScaledCodes: CodeFormat {}

extension WordCodes: CodeFormat {
  var rows: Int { outputs }
  var columns: Int { inputs }
}

/// A matrix of codes, scales and zero points in separate tensors.
protocol CodedMatrix: MatrixSource {
  associatedtype Format: CodeFormat
  /// The meaning of the codes.
  var format: Format { get }
  /// The tensors; without zero points, the format defines them.
  var parts: CodedParts { get }
}

extension CodedMatrix {
  var rows: Int { format.rows }
  var columns: Int { format.columns }
  /// Equal codes and scales give equal numbers.
  var isExact: Bool { true }
  var allSlices: [TensorSlice] { parts.allSlices }
  var storedBytes: Int { allSlices.reduce(0) { $0 + $1.byteCount } }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    parts.withBytes { codes, scales, zeros, groups in
      format.decode(
        codes: codes, scales: scales, zeros: zeros, groups: groups, rows: rows, columns: columns, into: &values, at: start,
        stride: stride)
    }
  }
}
