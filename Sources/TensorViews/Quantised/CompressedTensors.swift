import ElementTypes
import JSON
import Quantisation
import TensorFiles

/// The packed formats of compressed-tensors: `weight_packed` of a module as integers of 1 to 8 bits in words along each row, or
/// as floating-point codes of four bits in bytes (NVFP4, MXFP4). Source: compressed-tensors 0.20; see <doc:Formats>.
enum CompressedTensors {
  private static let endings = [
    "weight_scale", "weight_shape", "weight_zero_point", "weight_g_idx", "weight_global_scale", "meta", "bitmask",
  ]

  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard let stem = tensor.stem(before: "weight_packed") else { return nil }
    let parts = [tensor] + endings.compactMap { tensors.tensor(stem + $0) }
    if tensors.tensor(stem + "meta") != nil { return .unreadable("marlin-24", parts: parts) }
    guard tensor.shape.count == 2, let scales = tensors.tensor(stem + "weight_scale") else {
      return .unreadable("compressed-tensors' codes without their scales", parts: parts)
    }
    if tensor.type == .u8 { return nibbles(tensor, scales, stem, tensors, parts) }
    guard tensor.holdsWords, let shape = tensors.tensor(stem + "weight_shape"), shape.elementCount == 2,
      let numbers = tensors.numbers(shape), let outputs = Int(exactly: numbers[0]), let inputs = Int(exactly: numbers[1]),
      tensors.shape(tensor)[0] == outputs, inputs > 0, inputs / 32 <= tensors.shape(tensor)[1]
    else { return .unreadable("compressed-tensors' codes without a shape that fits", parts: parts) }
    let hint = tensors.config?["config_groups"]?.members.lazy.compactMap { $0.value["weights"]?["num_bits"]?.integer }.first
    guard let coding = coding(words: tensors.shape(tensor)[1], inputs: inputs, hint: hint), let bits = coding.bits,
      let grid = ScaledWeights.grid(tensors.shape(scales), over: [outputs, inputs], hint: nil),
      let scaleType = scales.type, scaleType.isFloatingPoint
    else { return .unreadable("compressed-tensors codes of an inconsistent width", parts: parts) }
    var format = ScaledCodes(
      rows: outputs, columns: inputs, coding: coding.value, block: (grid.rows, grid.columns), scaleType: scaleType)
    let zeros = tensors.tensor(stem + "weight_zero_point")
    switch zeros {
    // A packed zero point has the same offset as the codes, so the offsets cancel in the difference.
    case let zeros? where zeros.holdsWords: format?.zeros = .packed(bits: bits)
    case _?: return .unreadable("compressed-tensors' codes with zero points that are not packed", parts: parts)
    case nil: format?.zeros = .constant(Float(1 << (bits - 1)))
    }
    var groups: Tensor?
    if let index = tensors.tensor(stem + "weight_g_idx") {
      guard index.holdsWords, index.elementCount == inputs, let numbers = tensors.numbers(index) else {
        return .unreadable("compressed-tensors' groups for another number of inputs", parts: parts)
      }
      // −1 everywhere: not in use.
      if let order = GPTQ.Order(numbers, (inputs - 1) / grid.columns + 1) {
        if !order.isSequential { groups = index }
      } else if !numbers.allSatisfy({ $0 == -1 }) {
        return .unreadable("compressed-tensors' inputs in groups that do not exist", parts: parts)
      }
    }
    let source = format.flatMap {
      ScaledMatrix(
        $0, tensors.parts(tensor, scales, zeros: zeros, groups: groups))
    }
    return DecodedParameter(
      stem + "weight", tensor, shape: [outputs, inputs], source: source,
      quantisation: "int\(bits)\(grid.words)\(groups == nil ? "" : ", act-order")", parts: parts)
  }

  /// The packing whose rows of `inputs` codes take this many words. Newer releases let a code cross from one word to the next,
  /// older ones did not; for 2, 4 and 8 bits both are equal.
  static func coding(words: Int, inputs: Int, hint: Int?) -> (value: Coding, bits: Int?)? {
    let widths = [4, 8, 2, 3, 6, 5, 1, 7]
    let dense = widths.map { (Coding.stream(bits: $0), $0) }.filter { coding, bits in
      bits * inputs % 32 == 0 ? bits * inputs / 32 == words : bits * inputs / 32 + 1 == words
    }
    let padded = widths.map { (Coding.padded(bits: $0), $0) }.filter { $0.0.rowBytes(inputs) == words * 4 }
    let hinted = hint.flatMap { hint in (dense + padded).first { $0.1 == hint } }
    return (hinted ?? dense.first ?? padded.first).map { ($0.0, $0.1) }
  }

  private static func nibbles(
    _ tensor: Tensor, _ scales: Tensor, _ stem: String, _ tensors: QuantisedTensors, _ parts: [Tensor]
  ) -> DecodedParameter {
    let (codes, grid) = (tensors.shape(tensor), tensors.shape(scales))
    guard grid.count == 2, grid[0] == codes[0] else {
      return .unreadable("compressed-tensors' codes with scales that do not fit", parts: parts)
    }
    let shape = [codes[0], Microscaling.doubled(codes[1])]
    let run = tensors.run(tensor), scaleRun = tensors.run(scales)
    if let global = tensors.tensor(stem + "weight_global_scale") {
      let divisor = tensors.scalar(global)
      let source =
        scales.type == .f8E4M3
        ? divisor.flatMap {
          Microscaling.nibbles(run, scaleRun, shape, block: 16, global: .divisor($0))
        } : nil
      return DecodedParameter(stem + "weight", tensor, shape: shape, source: source, quantisation: "NVFP4", parts: parts)
    }
    guard scales.type == .u8 || scales.type == .f8E8M0 else {
      return .unreadable("compressed-tensors' codes with scales that do not fit", parts: parts)
    }
    // Four codes of six bits in three bytes; the tensors do not show which of the two types of six bits they are.
    if codes[1] % 24 == 0, grid[1] == codes[1] / 24 { return .unreadable("MXFP6", parts: parts) }
    let source = Microscaling.nibbles(run, scaleRun, shape, block: 32, global: .factor(1))
    return DecodedParameter(stem + "weight", tensor, shape: shape, source: source, quantisation: "MXFP4", parts: parts)
  }
}
