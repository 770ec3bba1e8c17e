import Quantisation
import Safetensors

/// A matrix of codes row after row with a grid of scales: FP8, int8, MXFP4, NVFP4 and what compressed-tensors packs.
struct ScaledMatrix: MatrixSource {
  /// What its codes mean.
  let format: ScaledCodes
  private let codes: StoredRun
  private let scales: StoredRun
  private let zeros: StoredRun?
  private let groups: StoredRun?

  /// The matrix in these parts; nil when there are fewer codes than the format has, or another number of scales.
  init?(_ format: ScaledCodes, codes: StoredRun, scales: StoredRun, zeros: StoredRun? = nil, groups: StoredRun? = nil) {
    guard codes.byteCount == format.codeBytes, scales.count == format.scaleRows * format.scaleColumns,
      groups == nil || groups?.byteCount == format.columns * 4
    else { return nil }
    switch format.zeros {
    case .none, .constant: guard zeros == nil else { return nil }
    case .numbers: guard zeros?.count == scales.count else { return nil }
    case .packed(let bits):
      let (total, overflow) = format.rows.multipliedReportingOverflow(by: bits)
      guard !overflow, format.scaleRows == format.rows,
        zeros?.byteCount == (total / 32 + (total % 32 == 0 ? 0 : 1)) * 4 * format.scaleColumns
      else { return nil }
    }
    self.format = format
    self.codes = codes
    self.scales = scales
    self.zeros = zeros
    self.groups = groups
  }

  var rows: Int { format.rows }
  var columns: Int { format.columns }
  /// Equal codes and scales give equal numbers.
  var isExact: Bool { true }
  var rowGrain: Int { 1 }
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
