import Checkpoints
import FixedRows
package import ModelAnatomy
import NeuronTables
import Records
package import TensorFiles
package import Threads
import WeightSimilarity

/// Makes sketches: first a plan of what is read, then the numbers.
package struct Sketcher: Sendable {
  let workers: Workers
  /// Whether the tables of neurons are read too. They are the expensive part: two reads of the MLPs.
  let readsNeurons: Bool
  /// Counts the bytes of the matrices that are done; see `bytes(of:)`.
  let progress: Progress?

  package init(readsNeurons: Bool = true, workers: Workers, progress: Progress? = nil) {
    (self.readsNeurons, self.workers, self.progress) = (readsNeurons, workers, progress)
  }

  /// The sketch of a model. Throws if a hash cannot be computed.
  ///
  /// Cost without neurons: at most 20 rows of each matrix are read in part, 80 kB where a row is a page: 18 MB of a model with 7
  /// matrices in each of 32 layers. After a cancellation the sketch is meaningless.
  package func sketch(of anatomy: Anatomy) throws(CheckpointError) -> ModelSketch {
    var parts: [PartSketch] = []
    for part in anatomy.parts {
      let weights = Self.chosen(part.anatomy)
      let missing = weights.filter { !$0.isLocal }
      if !missing.isEmpty { TensorSlice.fetch(missing.flatMap(Self.plan)) }
      let columns = SketchRule.columns(matrices: weights.count(where: Self.mayVote))
      let read = workers.map(weights.count) { i in
        // A sketch reads a part of a matrix: where neurons are read, that is next to nothing.
        defer { if !readsNeurons { progress?.advance(by: weights[i].storedBytes) } }
        return Result { () throws(CheckpointError) in
          workers.isCancelled ? nil : try Self.sketch(of: weights[i], columns: columns)
        }
      }
      var sketches: [WeightSketch] = []
      for result in read { if let sketch = try result.get() { sketches.append(sketch) } }
      parts.append(
        PartSketch(
          name: part.name, layers: part.anatomy.layers, parameters: part.anatomy.parameters, columns: columns,
          weights: sketches, neurons: readsNeurons ? neurons(of: part.anatomy) : nil))
    }
    return ModelSketch(parts: parts)
  }

  /// The tables of the neurons. Their progress counts the matrices of the part, in equal shares for each MLP.
  private func neurons(of part: Anatomy) -> TableSketch? {
    let bytes = Self.bytes(of: part)
    return TableSketch(of: part, workers: workers) { [progress] units in progress?.advance(by: bytes / units) }
  }

  /// Bytes of a model, for a progress line: of all matrices that a sketch has, although most of a matrix is not read.
  package static func bytes(of anatomy: Anatomy) -> Int {
    anatomy.parts.reduce(0) { $0 + chosen($1.anatomy).reduce(0) { $0 + $1.storedBytes } }
  }

  /// The matrices that a sketch has, in the order of roles. Of several experts the first one stands for all.
  static func chosen(_ anatomy: Anatomy) -> [Weight] {
    var seen: Set<WeightKey> = []
    return anatomy.weights.filter { weight in
      weight.isMatrix && weight.components == 1 && seen.insert(WeightKey(of: weight).dense).inserted
    }
  }

  /// The slices that the sketch of a matrix reads.
  static func plan(_ weight: Weight) -> [TensorSlice] {
    let (first, width) = columns(of: weight)
    let hashed = min(weight.columns, SketchRule.hashedColumns)
    return SketchRule.sampledRows(of: weight.rows).flatMap { weight.slices(rows: $0..<$0 + 1, columns: first..<first + width) }
      + SketchRule.hashedRows(of: weight.rows).flatMap { weight.slices(rows: $0..<$0 + 1, columns: 0..<hashed) }
  }

  private static func columns(of weight: Weight) -> (first: Int, width: Int) {
    (SketchRule.firstColumn(of: weight.columns), min(SketchRule.columns, weight.columns))
  }

  /// `columns`: signs that are kept of each row, at most 32.
  static func sketch(of weight: Weight, columns: Int = SketchRule.columns) throws(CheckpointError) -> WeightSketch {
    let isFixed = FormulaRows.hold(in: weight)
    return WeightSketch(
      role: weight.role.name, layer: weight.layer, rows: weight.rows, columns: weight.columns,
      signs: isFixed ? [] : signs(of: weight, columns), hash: isFixed ? [] : try hash(of: weight))
  }

  /// Whether a matrix has signs, as far as its role and shape tell.
  private static func mayVote(_ weight: Weight) -> Bool {
    weight.columns >= SketchRule.columns && weight.rows >= SketchRule.rows && !weight.role.hasMeaningfulRowOrder
  }

  private static func signs(of weight: Weight, _ kept: Int) -> [UInt32] {
    guard mayVote(weight) else { return [] }
    let (first, width) = columns(of: weight)
    let words = SketchRule.sampledRows(of: weight.rows).map { row -> UInt32 in
      var word: UInt32 = 0
      for (k, number) in read(weight, row, first..<first + width).prefix(kept).enumerated() where number > 0 {
        word |= 1 << UInt32(k)
      }
      return word
    }
    // Rows that are all the same tell nothing by their order.
    return Set(words).count > 1 ? words : []
  }

  private static func hash(of weight: Weight) throws(CheckpointError) -> [UInt8] {
    let numbers = SketchRule.hashedRows(of: weight.rows).flatMap { row in
      read(weight, row, 0..<min(weight.columns, SketchRule.hashedColumns))
    }
    guard Set(numbers.map { abs($0) }).count > 1 else { return [] }
    let bytes = numbers.flatMap { LittleEndian.bytes(of: $0.bitPattern) }
    return Array(try Digest.sha256(of: bytes).prefix(SketchRule.hashBytes))
  }

  private static func read(_ weight: Weight, _ row: Int, _ columns: Range<Int>) -> [Float] {
    var values = [Float](repeating: 0, count: columns.count)
    var span = values.mutableSpan
    weight.read(rows: row..<row + 1, columns: columns, into: &span, at: 0, stride: columns.count)
    return values
  }
}
