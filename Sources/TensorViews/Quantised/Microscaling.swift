import ElementTypes
import Quantisation
import TensorFiles

/// Floating-point codes of four bits with a scale every 16 or 32 inputs, except those of compressed-tensors: gpt-oss's
/// `_blocks` and `_scales` (MXFP4), ModelOpt's `weight` with `weight_scale` and `weight_scale_2` (NVFP4), and `weight` with
/// exponents of a byte. Sources: OCP Microscaling Formats 1.0; gpt-oss 7b58334; ModelOpt; see <doc:Formats>.
enum Microscaling {
  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard tensor.type == .u8 || tensor.type == .f4 else { return nil }
    if let stem = tensor.stem(before: "_blocks"), let scales = tensors.tensor(stem + "_scales") {
      return blocks(tensor, scales, stem, tensors)
    }
    let name = tensor.name.string
    guard let scales = tensors.tensor(name + "_scale") ?? exponents(of: tensor, among: tensors), tensor.shape.count >= 2 else {
      return nil
    }
    let global = tensors.tensor(name + "_scale_2")
    // One scale for codes of unknown width belongs to another format.
    if scales.elementCount == 1, global == nil { return nil }
    let parts = [tensor, scales] + [global].compactMap(\.self)
    // A tensor of type F4 counts codes; a tensor of bytes counts pairs of them.
    var shape = tensors.shape(tensor)
    if tensor.type == .u8 { shape[shape.count - 1] = doubled(shape[shape.count - 1]) }
    let grid = tensors.shape(scales)
    let inputs = shape[shape.count - 1]
    guard grid.count == shape.count, grid.dropLast() == shape.dropLast(), inputs % 2 == 0 else {
      return .unreadable("codes of four bits or fewer with an unknown packing", parts: parts)
    }
    let block: Int, words: String
    switch (scales.type, global) {
    case (.f8E4M3?, _?): (block, words) = (16, "NVFP4")
    case (.u8?, nil), (.f8E8M0?, nil): (block, words) = (32, "MXFP4")
    default: return .unreadable("codes of four bits or fewer with an unknown packing", parts: parts)
    }
    guard (inputs - 1) / block + 1 == grid[grid.count - 1] else {
      return .unreadable("codes of four bits or fewer with an unknown packing", parts: parts)
    }
    var factor = ScaledCodes.Global.factor(1)
    if let global {
      guard let value = tensors.scalar(global) else { return .unreadable("NVFP4 with several global scales", parts: parts) }
      factor = .factor(value)
    }
    let source = nibbles(tensors.run(tensor), tensors.run(scales), shape, block: block, global: factor)
    return DecodedParameter(name, tensor, shape: shape, source: source, quantisation: words, parts: parts)
  }

  /// DeepSeek V4's `scale` beside `weight`, whose type says that it holds exponents.
  private static func exponents(of tensor: Tensor, among tensors: QuantisedTensors) -> Tensor? {
    guard let scales = tensor.stem(before: "weight").flatMap({ tensors.tensor($0 + "scale") }), scales.type == .f8E8M0 else {
      return nil
    }
    return scales
  }

  /// The matrix of E2M1 codes, two in a byte, with a scale every `block` columns; nil if the parts do not fit together.
  static func nibbles(
    _ codes: TensorSlice, _ scales: TensorSlice, _ shape: [Int], block: Int, global: ScaledCodes.Global
  ) -> ScaledMatrix? {
    guard let columns = shape.last, columns % 2 == 0, let rows = product(shape.dropLast()) else { return nil }
    var format = ScaledCodes(
      rows: rows, columns: columns, coding: .nibbles(.e2m1), block: (1, block),
      scaleType: scales.type == .u8 ? .f8E8M0 : scales.type)
    format?.global = global
    return format.flatMap { ScaledMatrix($0, CodedParts(codes: codes, scales: scales)) }
  }

  private static func blocks(_ tensor: Tensor, _ scales: Tensor, _ stem: String, _ tensors: QuantisedTensors) -> DecodedParameter
  {
    let (blocks, grid) = (tensors.shape(tensor), tensors.shape(scales))
    let parts = [tensor, scales]
    guard tensor.type == .u8, scales.type == .u8 || scales.type == .f8E8M0, blocks.count >= 3, grid == blocks.dropLast(),
      blocks[blocks.count - 1] == 16, grid[grid.count - 1] <= .max / 64
    else { return .unreadable("MXFP4 with scales that do not fit", parts: parts) }
    let shape = Array(grid.dropLast()) + [grid[grid.count - 1] * 32]
    let source = nibbles(tensors.run(tensor), tensors.run(scales), shape, block: 32, global: .factor(1))
    return DecodedParameter(stem, tensor, shape: shape, source: source, quantisation: "MXFP4", hasOutputRows: true, parts: parts)
  }

  /// Twice a length; if that is too large, 1, a length that no such matrix has.
  static func doubled(_ length: Int) -> Int { length <= .max / 4 ? length * 2 : 1 }

  /// The product of dimensions; nil on overflow.
  static func product(_ lengths: some Sequence<Int>) -> Int? {
    var product = 1
    for length in lengths {
      let (next, overflow) = product.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      product = next
    }
    return product
  }
}
