import Checkpoints
import TensorFiles
import TensorViews

extension AdapterApplication {
  /// Applies a module's changes, the innermost first.
  mutating func apply(_ changes: [LowRankChange], to module: String) {
    if changes.count == 1, let index = parameterIndex.index(of: module + ".weight") ?? ownHead(module) {
      // The config's patterns refer to the parameter if the config names it, and otherwise to its module.
      let isNamed = adapter.configuration.parameterNames(below: module).contains(module + ".weight")
      if !apply(changes[0], to: index, named: isNamed ? module + ".weight" : module) { misfits.append(module) }
    } else if !applyToParameters(changes, of: module) {
      misfits.append(module)
    }
    for case let (change, bias?) in changes.map({ ($0, $0.bias) }) where !apply(bias, of: change, to: module) {
      misfits.append(bias.name.string)
    }
  }

  /// Applies a change to the matrix at `index`; false when it does not fit.
  mutating func apply(_ change: LowRankChange, to index: Int, named name: String) -> Bool {
    guard let isTurned = isTurned(change, parameters[index].shape), let old = rows(of: index), let a = stored(change.a),
      let b = stored(change.b), change.width > 0
    else { return false }
    let lowRank = AdaptedMatrix.Change(
      left: isTurned ? Self.turned(a) : b, right: isTurned ? Self.turned(b) : a, scale: scale(of: name, rank: change.width))
    let changed = AdaptedMatrix(old, lowRank)
    guard let magnitudes = change.magnitudes else {
      self.change(index, to: changed)
      return true
    }
    guard magnitudes.elementCount == (isTurned ? changed.columns : changed.rows),
      let run = adapter.checkpoint.slice(of: magnitudes)
    else { return false }
    let lengths = StoredMatrix(run, columns: magnitudes.elementCount)
    self.change(index, to: RescaledMatrix(changed, lengths: lengths, ofColumns: isTurned))
    return true
  }

  /// The factor of a change in f32, the precision of the weights.
  func scale(of name: String, rank: Int) -> Float { Float(adapter.configuration.scale(of: name, rank: rank)) }

  /// Whether the change applies to the transpose: for an embedding, whose rows are A's columns, or for a base that is stored
  /// `[in, out]`. Nil when it fits in neither orientation.
  private func isTurned(_ change: LowRankChange, _ shape: [Int]) -> Bool? {
    let fits = shape == [change.outputs, change.inputs]
    let fitsTurned = shape == [change.inputs, change.outputs]
    if change.isEmbedding { return fitsTurned ? true : nil }
    if fits && fitsTurned { return adapter.configuration.isTransposed }
    return fits ? false : fitsTurned ? true : nil
  }

  private static func turned(_ matrix: StoredMatrix) -> any MatrixSource {
    TransposedMatrix(matrix.run, rows: matrix.columns, columns: matrix.rows)
  }

  /// A separate head for a base whose head is its token table. As in PEFT, only the head is trained, not the token table.
  private mutating func ownHead(_ module: String) -> Int? {
    guard module == "lm_head" || module.hasSuffix(".lm_head") else { return nil }
    for table in ["embed_tokens", "wte", "embed_in", "word_embeddings"] {
      guard let index = parameterIndex.index(of: table + ".weight"), let rows = rows(of: index) else { continue }
      return append(module + ".weight", rows, shape: parameters[index].shape, tensor: parameters[index].tensor)
    }
    return nil
  }

  /// Applies `lora_B.bias`: it is multiplied by the scale and added to the module's bias.
  private mutating func apply(_ bias: Tensor, of change: LowRankChange, to module: String) -> Bool {
    guard let index = parameterIndex.index(of: module + ".bias"), parameters[index].shape == [bias.elementCount],
      let old = rows(of: index),
      let run = adapter.checkpoint.slice(of: bias)
    else { return false }
    let added = AdaptedMatrix.Change(
      left: One(), right: StoredMatrix(run, columns: bias.elementCount), scale: scale(of: module, rank: change.width))
    self.change(index, to: AdaptedMatrix(old, added))
    return true
  }
}

/// A 1 × 1 matrix with the value 1.
private struct One: MatrixSource {
  var rows: Int { 1 }
  var columns: Int { 1 }
  var isExact: Bool { true }
  var rowGrain: Int { 1 }
  var allSlices: [TensorSlice] { [] }
  var storedBytes: Int { 0 }

  func read(rows: Range<Int>, columns: Range<Int>, into values: inout MutableSpan<Float>, at start: Int, stride: Int) {
    if !rows.isEmpty, !columns.isEmpty { values[start] = 1 }
  }
}
