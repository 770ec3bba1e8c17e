import Quantisation
import TensorFiles

/// A matrix of GPTQ's or AWQ's words, read as `[out, in]`.
struct PackedMatrix: MatrixSource {
  /// What its words mean.
  var format: WordCodes
  /// Words, scales, zero points (without them all are the middle code) and groups.
  let parts: CodedParts

  /// The matrix in these parts; nil when one of them is not as long as the format has it.
  init?(_ format: WordCodes, _ parts: CodedParts) {
    guard parts.codes.byteCount == format.codeBytes, parts.scales.byteCount == format.scaleBytes,
      parts.zeros == nil || parts.zeros?.byteCount == format.zeroBytes,
      parts.groups == nil || parts.groups?.byteCount == format.inputs * 4
    else { return nil }
    self.format = format
    self.parts = parts
  }

  var rows: Int { format.outputs }
  var columns: Int { format.inputs }
  /// Equal codes and scales give equal numbers.
  var isExact: Bool { true }
  /// A cache line of GPTQ's words is 16 outputs; of AWQ's it is 128, of which the caches keep the rest for the next rows.
  var rowGrain: Int { 16 }
  var runs: [TensorSlice] { parts.runs }
  var storedBytes: Int { runs.reduce(0) { $0 + $1.byteCount } }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    parts.withBytes { codes, scales, zeros, groups in
      format.decode(
        codes: codes, scales: scales, zeros: zeros, groups: groups, rows: rows, columns: columns, into: &values, at: start,
        stride: stride)
    }
  }
}
