import Checkpoints
import ElementTypes
import TensorFiles

/// Weights that are stored as two factors of lower rank: one parameter is the product of two tensors, `[out, r]` and `[r, in]`.
///
///     model.layers.0.mlp.up_u_proj.weight [352, 64]
///     model.layers.0.mlp.up_v_proj.weight [64, 128]     together model.layers.0.mlp.up_proj.weight [352, 128]
///
/// Sources of the spellings: SVD-LLM, ASVD; see <doc:Formats>.
enum FactoredWeights {
  /// How a method names the factors of a module: the endings of the left and the right factor, and of the module.
  private struct Spelling {
    var left: String
    var right: String
    var whole: String

    /// The left factor's names, which each tensor of each model is compared with.
    let leftWeight: String
    let leftBias: String

    init(left: String, right: String, whole: String) {
      (self.left, self.right, self.whole) = (left, right, whole)
      (leftWeight, leftBias) = (left + ".weight", left + ".bias")
    }
  }

  private static let spellings = [
    Spelling(left: "_u_proj", right: "_v_proj", whole: "_proj"), Spelling(left: ".u_proj", right: ".v_proj", whole: ""),
    Spelling(left: ".ALinear", right: ".BLinear", whole: ""), Spelling(left: ".U", right: ".V", whole: ""),
    Spelling(left: ".u", right: ".v", whole: ""),
  ]

  /// How many times as many elements as its factors a product may have. That is a rank of 1/128 of the sides, less than any
  /// published compression keeps; beyond it a small file would stand for a matrix that takes long to read.
  private static let mostElements = 64

  /// The product that `tensor` is the left factor of, or its bias; nil if it is neither.
  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    for isBias in [false, true] {
      for spelling in spellings {
        guard let stem = tensor.stem(before: isBias ? spelling.leftBias : spelling.leftWeight) else { continue }
        let whole = stem + spelling.whole
        guard let left = tensors.tensor(stem + spelling.leftWeight),
          let right = tensors.tensor(stem + spelling.right + ".weight"),
          let shape = shape(left, right, tensors), tensors.checkpoint.tensor(named: whole + ".weight") == nil
        else { continue }
        if isBias { return bias(tensor, shape, of: whole, tensors) }
        let product = MatrixProduct(matrix(left, tensors), matrix(right, tensors))
        return .parameter(
          Parameter(name: whole + ".weight", tensor: tensor, shape: shape, decoded: product, quantisation: nil),
          parts: [left, right])
      }
    }
    return nil
  }

  /// The shape of the product; nil if these are no two factors of a lower rank.
  private static func shape(_ left: Tensor, _ right: Tensor, _ tensors: QuantisedTensors) -> [Int]? {
    guard isFactor(left), isFactor(right) else { return nil }
    let (a, b) = (tensors.shape(left), tensors.shape(right))
    guard a[1] == b[0], a[1] <= min(a[0], b[1]), let count = Microscaling.product([a[0], b[1]]) else { return nil }
    // Elements of stored tensors are counted already, so their sum does not overflow.
    return count / mostElements <= left.elementCount + right.elementCount ? [a[0], b[1]] : nil
  }

  private static func isFactor(_ tensor: Tensor) -> Bool {
    guard tensor.shape.count == 2, let type = tensor.type else { return false }
    return [.f64, .f32, .f16, .bf16].contains(type)
  }

  private static func matrix(_ tensor: Tensor, _ tensors: QuantisedTensors) -> StoredMatrix {
    StoredMatrix(tensors.run(tensor), columns: tensors.shape(tensor)[1])
  }

  /// The bias of the left factor is the bias of the product.
  private static func bias(
    _ tensor: Tensor, _ shape: [Int], of whole: String, _ tensors: QuantisedTensors
  ) -> DecodedParameter? {
    guard tensors.shape(tensor) == [shape[0]], tensors.checkpoint.tensor(named: whole + ".bias") == nil else { return nil }
    var parameter = Parameter(tensor)
    parameter.name = whole + ".bias"
    return .parameter(parameter, parts: [tensor])
  }
}
