import ElementTypes
import TensorFiles

/// The tensors of one of MLX's quantised modules, before bits and group are known.
struct MLXModule {
  let stem: String
  let codes: Tensor
  let scales: Tensor
  let biases: Tensor?
  /// The dimensions of the codes, in words.
  let shape: [Int]
  /// Groups in a row.
  let groups: Int

  var parts: [Tensor] { [codes, scales] + [biases].compactMap(\.self) }
  /// Words in a row.
  var words: Int { shape[shape.count - 1] }

  /// The module whose codes are `codes`; nil if there are no scales beside them.
  init?(_ codes: Tensor, among tensors: QuantisedTensors) {
    guard codes.holdsWords, let stem = codes.stem(before: "weight"), let scales = tensors.tensor(stem + "scales") else {
      return nil
    }
    self.stem = stem
    self.codes = codes
    self.scales = scales
    biases = tensors.tensor(stem + "biases")
    shape = tensors.shape(codes)
    groups = tensors.shape(scales).last ?? 0
  }

  /// Whether scales and biases are one number of a type for each group of the rows.
  func fits(among tensors: QuantisedTensors) -> Bool {
    let grid = tensors.shape(scales)
    guard shape.count >= 2, grid.count == shape.count, grid.dropLast() == shape.dropLast() else { return false }
    guard let biases else { return true }
    return tensors.shape(biases) == grid && Self.isNumber(biases) && Self.isNumber(scales)
  }

  private static func isNumber(_ tensor: Tensor) -> Bool {
    tensor.type == .f32 || tensor.type == .f16 || tensor.type == .bf16
  }
}
