import Quantisation
import TensorFiles

/// A matrix of codes, row after row, with a grid of scales: FP8, int8, MXFP4, NVFP4 and the
/// packed formats of compressed-tensors and MLX.
struct ScaledMatrix: CodedMatrix {
  /// The meaning of the codes.
  let format: ScaledCodes
  /// Codes, scales, zero points and groups.
  let parts: CodedParts

  /// The matrix in these parts; nil if there are fewer codes than the format has, or another number of scales.
  init?(_ format: ScaledCodes, _ parts: CodedParts) {
    let zeros = parts.zeros
    guard parts.codes.byteCount == format.codeBytes, parts.scales.count == format.scaleRows * format.scaleColumns,
      parts.groups == nil || parts.groups?.byteCount == format.columns * 4
    else { return nil }
    switch format.zeros {
    case .none, .constant: guard zeros == nil else { return nil }
    case .numbers, .offsets: guard zeros?.count == parts.scales.count else { return nil }
    case .packed(let bits):
      let (total, overflow) = format.rows.multipliedReportingOverflow(by: bits)
      guard !overflow, format.scaleRows == format.rows,
        zeros?.byteCount == (total / 32 + (total % 32 == 0 ? 0 : 1)) * 4 * format.scaleColumns
      else { return nil }
    }
    self.format = format
    self.parts = parts
  }

  var rowGrain: Int { 1 }
}
