package import Checkpoints
import ElementTypes
package import TensorFiles

/// One parameter of a model as a program that runs the model would load it: a stored tensor, or the matrix that codes, scales and
/// zero points encode together.
///
/// Names and shapes are those of the model before it was quantised, so that callers need no knowledge of quantisation: `qweight`,
/// `scales` and `qzeros` of a module are one parameter `weight`.
package struct Parameter: Sendable {
  /// The location of the numbers.
  package enum Content: Sendable {
    /// The tensor as plain numbers.
    case stored
    /// A matrix whose rows are all dimensions of `shape` but the last.
    case decoded(any MatrixSource)
  }

  /// The name in the model.
  package var name: String
  /// The tensor that holds the numbers or their codes; reports use its name.
  package var tensor: Tensor
  /// Its dimensions in the model.
  package var shape: [Int]
  /// The location of the numbers.
  package var content: Content
  /// The quantisation, as reports name it (`4-bit GPTQ, group 32`); nil if the parameter is stored as plain numbers.
  package var quantisation: String?
  /// True if the format of the codes has outputs as rows, whatever orientation the architecture gives the tensor before it was
  /// quantised: GPTQ and AWQ of a layer that stores `[in, out]`, gpt-oss's MXFP4 experts. The transposition in the table of
  /// architectures does not apply to it.
  package var hasOutputRows = false

  /// A tensor that is stored as plain numbers. It must have elements.
  package init(_ tensor: Tensor) {
    name = tensor.name.string
    self.tensor = tensor
    shape = tensor.shape.map { Int($0) }
    content = .stored
  }

  /// A matrix that `tensor` and others encode; its rows are all dimensions of `shape` but the last.
  package init(name: String, tensor: Tensor, shape: [Int], decoded source: any MatrixSource, quantisation: String?) {
    precondition(shape.reduce(1, *) == source.rows * source.columns && (shape.last ?? 1) == source.columns, "another shape")
    self.name = name
    self.tensor = tensor
    self.shape = shape
    content = .decoded(source)
    self.quantisation = quantisation
  }

  /// All of it as rows of its last dimension.
  package func rows(of checkpoint: Checkpoint) -> any MatrixSource {
    switch content {
    case .decoded(let source): source
    case .stored: StoredMatrix(run(0, count, checkpoint), columns: shape.last ?? 1)
    }
  }

  /// Number of elements.
  package var count: Int { shape.reduce(1, *) }

  /// Whether each element is one number, so that parts can be cut out. A complex element is two numbers: no model has complex
  /// weights, and such a tensor is compared whole, by its name.
  package var isOfNumbers: Bool {
    if case .stored = content { tensor.type?.componentsPerElement == 1 } else { true }
  }
}
