import ElementTypes
import Quantisation
import TensorFiles

/// HQQ's files: `W_q`, `scale` and `zero` of a module, and its settings as small tensors. Source: hqq 0.2; see <doc:Formats>.
enum HQQ {
  private static let settings = [
    "shape", "nbits", "group_size", "axis", "packing", "view_as_float", "unpack_view_dtype", "compute_dtype", "quant_zero",
    "quant_scale", "offload_meta", "channel_wise", "optimize", "round_zero", "encoded_state_dict", "stores_quant_config",
  ]
  /// Scales and zero points that are codes themselves.
  private static let nested = ["scale_q", "zero_q", "meta", "meta_scale", "meta_zero"]

  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard let stem = tensor.stem(before: "W_q") else { return nil }
    let (scales, zeros) = (tensors.tensor(stem + "scale"), tensors.tensor(stem + "zero"))
    let parts =
      [tensor] + [scales, zeros].compactMap(\.self) + (settings + nested).compactMap { tensors.tensor(stem + $0) }
    let unreadable = { (why: String) in DecodedParameter.unreadable("HQQ \(why)", parts: parts) }
    guard let scales, let zeros, let scaleType = numberType(scales), let zeroType = numberType(zeros) else {
      return unreadable("without its scales and zero points, or with codes in their place")
    }
    guard let shape = shape(stem, tensors), let count = Microscaling.product(shape) else {
      return unreadable("without the shape of its matrix")
    }
    let groups = scales.elementCount
    guard zeros.elementCount == groups, count % groups == 0 else { return unreadable("with scales that do not fit") }
    // The packing follows from the number of bytes, also where codes are stored as if they were other numbers.
    let bits = tensors.tensor(stem + "nbits").flatMap { tensors.numbers($0, limit: 1)?.first }
    let run = tensors.run(tensor)
    let groupsAreRows = groupsAreRows(scales, stem, tensors)
    let formats = StridedCodes.Packing.all.filter { bits == nil || bits == Double($0.bits) }.compactMap { packing in
      StridedCodes(
        rows: shape[0], columns: shape[1], packing: packing, groupsAreRows: groupsAreRows, groupCount: groups,
        scaleType: scaleType, zeroType: zeroType)
    }
    guard let format = formats.first(where: { $0.codeBytes == run.byteCount }) else {
      return unreadable("with codes that do not fit")
    }
    let source = StridedMatrix(format, codes: run, scales: tensors.run(scales), zeros: tensors.run(zeros))
    return DecodedParameter(
      stem + "weight", tensor, shape: shape, source: source,
      quantisation: "\(format.packing.bits)-bit HQQ, group \(format.group)",
      parts: parts)
  }

  /// Outputs and inputs.
  private static func shape(_ stem: String, _ tensors: QuantisedTensors) -> [Int]? {
    guard let stored = tensors.tensor(stem + "shape"), stored.elementCount == 2, let numbers = tensors.numbers(stored) else {
      return nil
    }
    let shape = numbers.compactMap { Int(exactly: $0) }
    return shape.count == 2 && shape.allSatisfy { $0 > 0 } ? shape : nil
  }

  /// Whether the elements of a group follow each other (axis 1). The scales of the other axis are one row.
  private static func groupsAreRows(_ scales: Tensor, _ stem: String, _ tensors: QuantisedTensors) -> Bool {
    let grid = tensors.shape(scales)
    if grid.count == 2, grid[0] != grid[1] { return grid[1] == 1 }
    return tensors.tensor(stem + "axis").flatMap { tensors.numbers($0, limit: 1)?.first } != 0
  }

  private static func numberType(_ tensor: Tensor) -> ElementType? {
    tensor.type.flatMap { [.f32, .f16, .bf16].contains($0) ? $0 : nil }
  }
}
