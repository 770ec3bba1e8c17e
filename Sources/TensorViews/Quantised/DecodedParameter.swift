import TensorFiles

/// The result of one format of quantised weights for a tensor named like its codes, with the tensors beside it.
enum DecodedParameter {
  /// One parameter of the model, which these tensors hold together.
  case parameter(Parameter, parts: [Tensor])
  /// Codes that cannot be read, with the reason, and all tensors of that matrix.
  case unreadable(String, parts: [Tensor])

  /// A matrix whose parts fit together, or an unreadable one.
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
