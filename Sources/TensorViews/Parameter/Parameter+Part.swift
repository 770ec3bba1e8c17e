package import Checkpoints
import ElementTypes
import TensorFiles

extension Parameter {
  /// How a weight is cut out of a parameter.
  package struct Part: Sendable, Hashable {
    /// The index along the first dimension of a stack of matrices; nil if the parameter is not a stack.
    package var stack: Int?
    /// Whether the last two dimensions are `[in, out]`.
    package var isTransposed = false
    /// The outputs that the part takes, in the weight's order; nil for all.
    package var rows: RowMap?

    /// A part; without arguments the whole parameter.
    package init(stack: Int? = nil, isTransposed: Bool = false, rows: RowMap? = nil) {
      self.stack = stack
      self.isTransposed = isTransposed
      self.rows = rows
    }

    /// The whole parameter in its stored orientation.
    package static let whole = Part()
  }

  /// The numbers of `part`, and whether they are a vector. A vector is read with one number per row, and `part.rows` selects
  /// from its elements. The dimensions must fit: `part.stack` inside the first, `part.rows` inside the outputs.
  package func view(_ part: Part, of checkpoint: Checkpoint) -> (source: any MatrixSource, isVector: Bool) {
    let inside = part.stack == nil ? shape : Array(shape.dropFirst())
    let isVector = inside.count < 2
    return (isVector ? vector(part, inside, checkpoint) : matrix(part, inside, checkpoint), isVector)
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

  func run(_ first: Int, _ count: Int, _ checkpoint: Checkpoint) -> TensorSlice {
    guard let run = checkpoint.slice(of: tensor, elements: first..<first + count) else {
      preconditionFailure("a part of \(tensor.name) begins inside a byte")
    }
    return run
  }
}
