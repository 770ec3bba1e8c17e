import ElementTypes
import JSON
import Quantisation
import TensorFiles

/// Weights of eight bits with scales in a separate tensor: FP8 and int8 by tensor, channel, group and block, MXFP8, and codes of
/// four bits in the bytes of an I8.
///
/// The ratio of the shapes is the number of inputs and outputs that share a scale. Numbers are codes times scales, also for
/// `weight_scale_inv`. Sources: DeepSeek-V3 9b4e978, transformers 5.23 (FP8), compressed-tensors 0.20 (int-, float- and
/// naive-quantized), fbgemm, ModelOpt; see <doc:Formats>.
enum ScaledWeights {
  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard let type = tensor.type, let kind = kind(type) else { return nil }
    let name = tensor.name.string
    let module = tensor.stem(before: "weight")
    let names = [name + "_scale_inv", name + "_scale"] + (module.map { [$0 + "scale", $0 + "qscale_weight"] } ?? [])
    guard let scales = names.lazy.compactMap({ tensors.tensor($0) }).first else { return nil }
    let zeros = tensors.tensor(name + "_zero_point")
    let parts = [tensor, scales] + [zeros].compactMap(\.self)
    let shape = tensors.shape(tensor)
    let unreadable = DecodedParameter.unreadable("\(kind) with scales that do not fit", parts: parts)
    guard shape.count >= 2, let scaleType = scales.type.flatMap(scaleType) else { return unreadable }
    if type == .i8, scales.name.string.hasSuffix("_inv") || scales.type == .f8E8M0,
      let found = pairs(tensor, scales, shape, tensors, parts)
    {
      return found
    }
    guard let grid = grid(tensors.shape(scales), over: shape, hint: hint(tensors.config)),
      let rows = Microscaling.product(shape.dropLast()), grid.matrixRows > 0
    else { return unreadable }
    var format = ScaledCodes(
      rows: rows, columns: shape[shape.count - 1], coding: .numbers(type), matrixRows: grid.matrixRows,
      block: (grid.rows, grid.columns), scaleType: scaleType)
    if let zeroType = zeros?.type { format?.zeros = .numbers(zeroType) }
    let source = format.flatMap {
      ScaledMatrix($0, tensors.parts(tensor, scales, zeros: zeros))
    }
    let isMX = scaleType == .f8E8M0 && grid.rows == 1 && grid.columns == 32 && type != .i8
    let words = isMX ? "MXFP8" : "\(kind)\(grid.words)"
    return DecodedParameter(name, tensor, shape: shape, source: source, quantisation: words, parts: parts)
  }

  /// The number of rows and columns that share a scale, and the number of rows of a matrix.
  struct Grid: Equatable {
    var rows: Int
    var columns: Int
    var matrixRows: Int
    /// Text that follows the type in reports.
    var words: String
  }

  /// The grid of scales of shape `scales` over weights of shape `shape`, of rank two at least; nil if there is none.
  static func grid(_ scales: [Int], over shape: [Int], hint: (rows: Int, columns: Int)?) -> Grid? {
    let (outputs, inputs) = (shape[shape.count - 2], shape[shape.count - 1])
    let stack = Array(shape.dropLast(2))
    guard let all = Microscaling.product(shape.dropLast()) else { return nil }
    if scales.allSatisfy({ $0 == 1 }) { return Grid(rows: all, columns: inputs, matrixRows: all, words: " per tensor") }
    // Trailing dimensions of 1 may be missing.
    let whole = scales + Array(repeating: 1, count: max(0, shape.count - scales.count))
    guard whole.count == shape.count, Array(whole.dropLast(2)) == stack else { return nil }
    let (down, across) = (whole[whole.count - 2], whole[whole.count - 1])
    guard let columns = block(inputs, across, isRagged: down != outputs, hint: hint?.columns),
      let rows = block(outputs, down, isRagged: true, hint: hint?.rows)
    else { return nil }
    let words: String
    switch (down, across) {
    case (1, 1): words = " per tensor"
    case (outputs, 1): words = " per channel"
    case (outputs, _): words = ", group \(columns)"
    case (1, inputs): words = " per input"
    // If one block holds everything, its side is unknown; it is then assumed equal to the other side (square blocks).
    default: words = ", \(down == 1 ? max(rows, columns) : rows)×\(across == 1 ? max(rows, columns) : columns) blocks"
    }
    return Grid(rows: rows, columns: columns, matrixRows: outputs, words: words)
  }

  /// Elements of a block if this many blocks hold `length`; nil if no block size fits.
  ///
  /// If the last block may be shorter, several sizes fit: the power of two among them is used (there is at most one if there
  /// are at least two blocks), then the hint, then equal blocks.
  private static func block(_ length: Int, _ blocks: Int, isRagged: Bool, hint: Int?) -> Int? {
    if blocks == 1 { return length }
    guard blocks > 0, blocks <= length else { return nil }
    let fits = { (side: Int) in side > 0 && (length - 1) / side + 1 == blocks }
    if !isRagged, length % blocks == 0 { return length / blocks }
    if let power = (0..<40).lazy.map({ 1 << $0 }).first(where: fits) { return power }
    if let hint, fits(hint) { return hint }
    let least = (length - 1) / blocks + 1
    return fits(least) ? least : nil
  }

  private static func hint(_ config: JSONValue?) -> (rows: Int, columns: Int)? {
    guard let sides = config?["weight_block_size"]?.elements, sides.count == 2, let rows = sides[0].integer,
      let columns = sides[1].integer
    else { return nil }
    return (rows, columns)
  }

  /// Codes of E2M1 in the bytes of an I8, as transformers' FP8 quantiser and DeepSeek V4 store them, with a scale every 16 bytes.
  private static func pairs(
    _ tensor: Tensor, _ scales: Tensor, _ shape: [Int], _ tensors: QuantisedTensors, _ parts: [Tensor]
  ) -> DecodedParameter? {
    let (grid, bytes) = (tensors.shape(scales), shape[shape.count - 1])
    guard grid.count == shape.count, grid.dropLast() == shape.dropLast(), bytes % 16 == 0, grid[grid.count - 1] == bytes / 16,
      bytes > 16
    else { return nil }
    let whole = Array(shape.dropLast()) + [Microscaling.doubled(bytes)]
    let source = Microscaling.nibbles(tensors.run(tensor), tensors.run(scales), whole, block: 32, global: .factor(1))
    return DecodedParameter(tensor.name.string, tensor, shape: whole, source: source, quantisation: "FP4, group 32", parts: parts)
  }

  private static func kind(_ type: ElementType) -> String? {
    switch type {
    case .i8: "int8"
    case .f8E4M3, .f8E4M3FNUZ: "FP8 E4M3"
    case .f8E5M2, .f8E5M2FNUZ: "FP8 E5M2"
    default: nil
    }
  }

  /// The type for decoding scales: bytes are exponents.
  private static func scaleType(_ type: ElementType) -> ElementType? {
    if type == .u8 { return .f8E8M0 }
    return type.isFloatingPoint && type.componentsPerElement == 1 ? type : nil
  }
}
