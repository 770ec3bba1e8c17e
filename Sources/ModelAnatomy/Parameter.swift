import Checkpoints
import ElementTypes
import TensorFiles

/// One parameter of a model as a program that runs it would load it: a stored tensor, or the matrix that codes, scales and zero
/// points stand for together.
///
/// Names and shapes are those of the model before it was quantised, so that whoever reads them need not know: `qweight`, `scales` and
/// `qzeros` of a module are one parameter `weight`.
struct Parameter: Sendable {
  /// Where the numbers are.
  enum Content: Sendable {
    /// The tensor as it is.
    case stored
    /// A matrix whose rows are all dimensions of `shape` but the last.
    case decoded(any MatrixSource)
  }

  /// The name in the model.
  var name: String
  /// The tensor that holds it, or its codes: what reports name.
  var tensor: Tensor
  /// Its dimensions in the model.
  var shape: [Int]
  /// Where the numbers are.
  var content: Content
  /// How it is quantised, in the words of reports (`4-bit GPTQ, group 32`); nil when it is stored as numbers.
  var quantisation: String?
  /// True where the format of the codes has outputs as rows whatever the architecture says of the tensor before it was
  /// quantised: GPTQ and AWQ of a layer that stores `[in, out]`, gpt-oss's MXFP4 experts. A table's transposition is not for
  /// it.
  var hasOutputRows = false

  /// A tensor that is stored as it is meant. Only for tensors with elements.
  init(_ tensor: Tensor) {
    name = tensor.name.string
    self.tensor = tensor
    shape = tensor.shape.map { Int($0) }
    content = .stored
  }

  /// A matrix that `tensor` and others stand for; its rows are all dimensions of `shape` but the last.
  init(name: String, tensor: Tensor, shape: [Int], decoded source: any MatrixSource, quantisation: String?) {
    precondition(shape.reduce(1, *) == source.rows * source.columns && (shape.last ?? 1) == source.columns, "another shape")
    self.name = name
    self.tensor = tensor
    self.shape = shape
    content = .decoded(source)
    self.quantisation = quantisation
  }

  /// All of it as rows of its last dimension.
  func rows(of checkpoint: Checkpoint) -> any MatrixSource {
    switch content {
    case .decoded(let source): source
    case .stored: StoredMatrix(run(0, count, checkpoint), columns: shape.last ?? 1)
    }
  }

  /// Number of elements.
  var count: Int { shape.reduce(1, *) }

  /// Whether its elements are numbers, of which parts can be cut. Complex ones are two each: no model has them for its weights, and what
  /// has them is compared whole, by its name.
  var isOfNumbers: Bool {
    if case .stored = content { tensor.type?.componentsPerElement == 1 } else { true }
  }
}

extension Parameter {
  /// How a weight is cut out of a parameter.
  struct Part: Sendable, Hashable {
    /// Which of the matrices stacked along the first dimension; nil for a parameter that is no stack.
    var stack: Int?
    /// Whether the last two dimensions are `[in, out]`.
    var isTransposed = false
    /// The outputs that it takes, in the weight's order; nil for all.
    var rows: RowMap?

    /// A parameter as it is.
    static let whole = Part()
  }

  /// The weight that `part` cuts out, in its role. The dimensions have to fit: `stack` inside the first, `rows` inside the outputs.
  ///
  /// A vector is a row of one number an output: `rows` chooses from its elements.
  func weight(
    _ part: Part, of checkpoint: Checkpoint, role: Role, layer: Int?, expert: Int? = nil
  ) -> Weight {
    if part == .whole, case .stored = content {
      return Weight(tensor: tensor, of: checkpoint, role: role, layer: layer, expert: expert)
    }
    let inside = part.stack == nil ? shape : Array(shape.dropFirst())
    let isVector = inside.count < 2
    let source = isVector ? vector(part, inside, checkpoint) : matrix(part, inside, checkpoint)
    return Weight(source, tensor: tensor, isVector: isVector, role: role, layer: layer, expert: expert)
  }

  private func matrix(_ part: Part, _ inside: [Int], _ checkpoint: Checkpoint) -> any MatrixSource {
    let columns = inside[inside.count - 1]
    let rows = inside.dropLast().reduce(1, *)
    let first = (part.stack ?? 0) * rows
    switch content {
    case .decoded(let source):
      if part.isTransposed { return select(part.rows, of: Transposition(of: source, rows: first..<first + rows)) }
      if part.rows == nil, rows == source.rows { return source }
      return RowSelection(part.rows?.shifted(by: first) ?? RowMap(first..<first + rows), of: source)
    case .stored:
      if part.isTransposed {
        return select(
          part.rows, of: TransposedMatrix(run(first * columns, rows * columns, checkpoint), rows: columns, columns: rows))
      }
      guard let map = part.rows else { return StoredMatrix(run(first * columns, rows * columns, checkpoint), columns: columns) }
      if let range = map.range, isWholeBytes(columns) {
        return StoredMatrix(run((first + range.lowerBound) * columns, range.count * columns, checkpoint), columns: columns)
      }
      return RowSelection(map, of: StoredMatrix(run(first * columns, rows * columns, checkpoint), columns: columns))
    }
  }

  private func vector(_ part: Part, _ inside: [Int], _ checkpoint: Checkpoint) -> any MatrixSource {
    let count = inside.first ?? 1
    let first = (part.stack ?? 0) * count
    switch content {
    case .decoded(let source):
      let row = RowSelection(RowMap((part.stack ?? 0)..<(part.stack ?? 0) + 1), of: source)
      guard let map = part.rows else { return row }
      return Transposition(of: RowSelection(map, of: Transposition(of: row, rows: 0..<1)), rows: 0..<map.count)
    case .stored:
      let whole = StoredMatrix(run(first, count, checkpoint), columns: 1)
      guard let map = part.rows else { return StoredMatrix(run(first, count, checkpoint), columns: count) }
      if let range = map.range, isWholeBytes(1) {
        return StoredMatrix(run(first + range.lowerBound, range.count, checkpoint), columns: range.count)
      }
      return Transposition(of: RowSelection(map, of: whole), rows: 0..<map.count)
    }
  }

  private func select(_ rows: RowMap?, of source: any MatrixSource) -> any MatrixSource {
    rows.map { RowSelection($0, of: source) } ?? source
  }

  private func isWholeBytes(_ elements: Int) -> Bool { tensor.storage.byteCount(of: elements) != nil }

  private func run(_ first: Int, _ count: Int, _ checkpoint: Checkpoint) -> TensorSlice {
    guard let run = checkpoint.slice(of: tensor, elements: first..<first + count) else {
      preconditionFailure("a part of \(tensor.name) begins inside a byte")
    }
    return run
  }
}
