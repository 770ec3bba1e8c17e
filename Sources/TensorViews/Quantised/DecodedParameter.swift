import TensorFiles

/// The result of one format of quantised weights for a tensor that has the name of its codes, with the tensors beside it.
enum DecodedParameter {
  /// One parameter of the model, which these tensors hold together.
  case parameter(Parameter, parts: [Tensor])
  /// Codes that cannot be read, why, and what belongs to them.
  case unreadable(String, parts: [Tensor])

  /// A matrix that fits together, or what it would have been.
  init(
    _ name: String, _ tensor: Tensor, shape: [Int], source: (any MatrixSource)?, quantisation: String,
    hasOutputRows: Bool = false,
    parts: [Tensor]
  ) {
    guard let source else {
      self = .unreadable("\(quantisation), with parts that do not fit together", parts: parts)
      return
    }
    var parameter = Parameter(name: name, tensor: tensor, shape: shape, decoded: source, quantisation: quantisation)
    parameter.hasOutputRows = hasOutputRows
    self = .parameter(parameter, parts: parts)
  }
}
