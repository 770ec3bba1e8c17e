import ElementTypes
import JSON
import Quantisation
import TensorFiles

/// The format of bitsandbytes: codes of four bits in `weight` with `weight.absmax` and others beside, and 8-bit integers with
/// `SCB`. Source: bitsandbytes 95f9af3; see <doc:Formats>.
enum BitsAndBytes {
  private static let types = ["nf4", "fp4"]
  private static let endings = ["absmax", "quant_map", "nested_absmax", "nested_quant_map"]

  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    let name = tensor.name.string
    guard tensor.type == .u8, let magnitudes = tensors.tensor(name + ".absmax") else { return integers(tensor, among: tensors) }
    let states = types.compactMap { type in tensors.tensor("\(name).quant_state.bitsandbytes__\(type)").map { (type, $0) } }
    let parts = [tensor] + states.map(\.1) + endings.compactMap { tensors.tensor("\(name).\($0)") }
    guard let (type, state) = states.first, state.type == .u8, state.byteCount < 1 << 16,
      let text = tensors.json(state),
      let map = tensors.tensor(name + ".quant_map"), map.type == .f32, map.elementCount == 16,
      let values = tensors.numbers(map), let shape = shape(text, of: tensor), let block = text["blocksize"]?.integer, block > 0
    else { return .unreadable("bitsandbytes codes without their quantisation state", parts: parts) }
    let columns = shape[shape.count - 1]
    var nesting: BlockCodes.Nesting?
    let outer = tensors.tensor(name + ".nested_absmax")
    if outer != nil || magnitudes.type == .u8 {
      guard let map = tensors.tensor(name + ".nested_quant_map"), map.elementCount == 256, let values = tensors.numbers(map),
        let nestedBlock = text["nested_blocksize"]?.integer, nestedBlock > 0, let offset = text["nested_offset"]?.double
      else { return .unreadable("bitsandbytes codes without the state of their nested scales", parts: parts) }
      nesting = .init(map: tensors.map(values), block: nestedBlock, offset: Float(offset))
    }
    let format = BlockCodes(
      rows: shape.reduce(1, *) / columns, columns: columns, block: block,
      table: tensors.nibbleTable(values), nesting: nesting)
    let source = BlockMatrix(
      format, codes: tensors.run(tensor), magnitudes: tensors.run(magnitudes), outer: outer.map { tensors.run($0) })
    return DecodedParameter(
      name, tensor, shape: shape, source: source, quantisation: "bitsandbytes \(type)\(nesting == nil ? "" : " (nested)")",
      parts: parts)
  }

  /// The shape in the state, if it has as many elements as there are codes.
  private static func shape(_ state: JSONValue, of codes: Tensor) -> [Int]? {
    guard let elements = state["shape"]?.elements, 1...8 ~= elements.count else { return nil }
    var (shape, count): ([Int], Int) = ([], 1)
    for element in elements {
      guard let length = element.integer, length > 0 else { return nil }
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      guard !overflow, product <= .max / 8 else { return nil }
      shape.append(length)
      count = product
    }
    return (count + 1) / 2 == codes.byteCount ? shape : nil
  }

  private static func integers(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard tensor.type == .i8, let stem = tensor.stem(before: "weight"), let scales = tensors.tensor(stem + "SCB") else {
      return nil
    }
    let kind = tensors.tensor(stem + "weight_format")
    let parts = [tensor, scales] + [kind].compactMap(\.self)
    guard tensor.shape.count == 2, scales.type == .f32 else {
      return .unreadable("bitsandbytes int8 with scales that do not fit", parts: parts)
    }
    // 0 is row after row; other values are tiled for products on old graphics processors.
    if let kind, kind.elementCount != 1 || tensors.numbers(kind) != [0] {
      return .unreadable("bitsandbytes int8 in a tiled order", parts: parts)
    }
    let shape = tensors.shape(tensor)
    var format = ScaledCodes(
      rows: shape[0], columns: shape[1], coding: .numbers(.i8), block: (1, shape[1]), scaleType: .f32)
    format?.global = .divisor(127)
    let source = format.flatMap { ScaledMatrix($0, tensors.parts(tensor, scales)) }
    return DecodedParameter(
      tensor.name.string, tensor, shape: shape, source: source, quantisation: "bitsandbytes int8", parts: parts)
  }
}
