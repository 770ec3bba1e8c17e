import Quantisation
import Safetensors

/// A matrix of GPTQ's or AWQ's words, read as `[out, in]`.
struct PackedMatrix: MatrixSource {
  /// What its words mean.
  var format: WordCodes
  /// The words.
  let codes: StoredRun
  /// The scales.
  let scales: StoredRun
  /// The zero points; without them all are the middle code.
  let zeros: StoredRun?
  /// The groups of the inputs, where they are in no order.
  let groups: StoredRun?

  /// The matrix in these parts; nil when one of them is not as long as the format has it.
  init?(_ format: WordCodes, codes: StoredRun, scales: StoredRun, zeros: StoredRun?, groups: StoredRun?) {
    guard codes.byteCount == format.codeBytes, scales.byteCount == format.scaleBytes,
      zeros == nil || zeros?.byteCount == format.zeroBytes, groups == nil || groups?.byteCount == format.inputs * 4
    else { return nil }
    self.format = format
    self.codes = codes
    self.scales = scales
    self.zeros = zeros
    self.groups = groups
  }

  var rows: Int { format.outputs }
  var columns: Int { format.inputs }
  /// Equal codes and scales give equal numbers.
  var isExact: Bool { true }
  /// A cache line of GPTQ's words is 16 outputs; of AWQ's it is 128, of which the caches keep the rest for the next rows.
  var rowGrain: Int { 16 }
  var runs: [StoredRun] { [codes, scales] + [zeros, groups].compactMap(\.self) }
  var storedBytes: Int { runs.reduce(0) { $0 + $1.byteCount } }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    codes.withBytes { codes in
      scales.withBytes { scales in
        withBytes(of: zeros) { zeros in
          withBytes(of: groups) { groups in
            format.decode(
              codes: codes, scales: scales, zeros: zeros, groups: groups, rows: rows, columns: columns, into: &values, at: start,
              stride: stride)
          }
        }
      }
    }
  }
}

/// Calls `body` with the bytes of a run, or with nil.
func withBytes(of run: StoredRun?, _ body: (RawSpan?) -> Void) {
  guard let run else { return body(nil) }
  run.withBytes { body($0) }
}
