public import Safetensors

/// One tensor of a model in its role: what comparisons pair.
///
/// ```swift
/// for weight in anatomy.weights where weight.role == .qProj { print(weight.layer!, weight.rows, weight.columns) }
/// ```
///
/// A weight is a view of mapped bytes, never a copy: `rows × columns`, row-major, one row an output (a token, a neuron,
/// a channel) and one column an input.
public struct Weight: Sendable {
  /// The tensor as stored.
  public let tensor: Tensor
  /// What it does.
  public let role: Role
  /// The layer's number as the name gives it; nil outside of all layers.
  public let layer: Int?
  /// The expert inside the layer, where there are several.
  public let expert: Int?
  /// Rows: the product of all dimensions but the last, or the first alone where the rest is a convolution's kernel.
  public let rows: Int
  /// Elements of a row.
  public let columns: Int

  /// Number of parameters.
  public var parameters: Int { tensor.elementCount }

  /// True for rank two and above with more than one row and column: what may carry a verdict. Gains, biases and other
  /// vectors look alike in every model.
  public var isMatrix: Bool { tensor.shape.count >= 2 && rows > 1 && columns > 1 }

  /// A tensor that is no weight, as rows and columns all the same, for whoever compares stored bytes.
  public init(stored tensor: Tensor) { self.init(tensor: tensor, role: Role(name: tensor.name.string)) }

  init(tensor: Tensor, role: Role, layer: Int? = nil, expert: Int? = nil) {
    self.tensor = tensor
    self.role = role
    self.layer = layer
    self.expert = expert
    // An empty tensor may have dimensions beyond Int; it has no rows worth counting.
    let shape = tensor.elementCount == 0 ? [] : tensor.shape.map { Int($0) }
    switch shape.count {
    case 0: (rows, columns) = (tensor.elementCount == 0 ? 0 : 1, tensor.elementCount)
    case 1: (rows, columns) = (1, shape[0])
    default:
      // A kernel of a few taps in the last dimension is no row: the filter is.
      rows = shape.count > 2 && shape[shape.count - 1] < 16 ? shape[0] : tensor.elementCount / shape[shape.count - 1]
      columns = tensor.elementCount / rows
    }
  }
}
