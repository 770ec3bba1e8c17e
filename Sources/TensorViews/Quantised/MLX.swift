import ElementTypes
import Quantisation
import TensorFiles

/// MLX's quantised weights: `weight` of a module as words of 32 bits along each row, `scales`, and in the affine mode `biases`.
///
///     affine   W = code · scale + bias    b bits in a stream, groups of 32, 64 or 128
///     floating W = code · scale           E2M1 or E4M3, scales of a byte
///
/// Stacks of experts have one more dimension in front. Source: the documentation of `mlx.core.quantize`, MLX 0.32; see
/// <doc:Formats>.
enum MLX {
  /// A module of `tensor`, if it has the codes of one; see ``MLXWidths`` for `widths`.
  static func read(_ tensor: Tensor, among tensors: QuantisedTensors, _ widths: MLXWidths) -> DecodedParameter? {
    guard let module = MLXModule(tensor, among: tensors) else { return nil }
    guard module.fits(among: tensors) else {
      return .unreadable("MLX with scales or biases that do not fit", parts: module.parts)
    }
    guard let biases = module.biases else { return floating(module, tensors) }
    guard let width = widths.width(of: module, hint: tensors.mlx) else {
      return .unreadable("MLX with \(module.groups) groups in rows of \(module.words) words", parts: module.parts)
    }
    return decoded(
      module, tensors, coding: .stream(bits: width.bits), group: width.group, scaleType: tensors.run(module.scales).type,
      zeros: .offsets(tensors.run(biases).type), words: "MLX \(width.bits)-bit, group \(width.group)")
  }

  /// The modes with scales of a byte. Words for each group tell which: 2, 4 or 8.
  private static func floating(_ module: MLXModule, _ tensors: QuantisedTensors) -> DecodedParameter {
    let scaleTypes: [ElementType] = [.u8, .f8E8M0, .f8E4M3]
    guard let type = module.scales.type, scaleTypes.contains(type), module.words % module.groups == 0 else {
      return .unreadable("MLX without biases, with scales that do not fit", parts: module.parts)
    }
    switch (module.words / module.groups, type) {
    case (2, .u8), (2, .f8E4M3):
      return decoded(module, tensors, coding: .nibbles(.e2m1), group: 16, scaleType: .f8E4M3, words: "MLX NVFP4")
    case (4, .u8), (4, .f8E8M0):
      return decoded(module, tensors, coding: .nibbles(.e2m1), group: 32, scaleType: .f8E8M0, words: "MLX MXFP4")
    case (8, .u8), (8, .f8E8M0):
      return decoded(module, tensors, coding: .numbers(.f8E4M3), group: 32, scaleType: .f8E8M0, words: "MLX MXFP8")
    default: return .unreadable("MLX without biases, with scales that do not fit", parts: module.parts)
    }
  }

  private static func decoded(
    _ module: MLXModule, _ tensors: QuantisedTensors, coding: Coding, group: Int, scaleType: ElementType,
    zeros: ScaledCodes.Zeros = .none, words: String
  ) -> DecodedParameter {
    guard let rows = Microscaling.product(module.shape.dropLast()), let columns = Microscaling.product([module.groups, group])
    else { return .unreadable("\(words), too large", parts: module.parts) }
    var format = ScaledCodes(rows: rows, columns: columns, coding: coding, block: (1, group), scaleType: scaleType)
    format?.zeros = zeros
    let source = format.flatMap { ScaledMatrix($0, tensors.parts(module.codes, module.scales, zeros: module.biases)) }
    return DecodedParameter(
      module.stem + "weight", module.codes, shape: Array(module.shape.dropLast()) + [columns], source: source,
      quantisation: words, hasOutputRows: true, parts: module.parts)
  }
}
