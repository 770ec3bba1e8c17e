import Quantisation
import TensorFiles

/// A matrix of GPTQ's or AWQ's words, read as `[out, in]`.
struct PackedMatrix: CodedMatrix {
  /// The meaning of its words.
  var format: WordCodes
  /// Words, scales, zero points (if missing, all are the middle code) and groups.
  let parts: CodedParts

  /// The matrix in these parts; nil if one of them does not have the length of the format.
  init?(_ format: WordCodes, _ parts: CodedParts) {
    guard parts.codes.byteCount == format.codeBytes, parts.scales.byteCount == format.scaleBytes,
      parts.zeros == nil || parts.zeros?.byteCount == format.zeroBytes,
      parts.groups == nil || parts.groups?.byteCount == format.inputs * 4
    else { return nil }
    self.format = format
    self.parts = parts
  }

  /// A cache line of GPTQ's words is 16 outputs; of AWQ's it is 128, and the caches keep the rest for the next rows.
  var rowGrain: Int { 16 }
}
