import BasisRecovery
import LinearAlgebra
package import ModelAnatomy
import Records
package import Threads

/// The neuron tables of a model in a size that a catalogue can keep: fewer neurons than `ModelTables`, cosines in eight bits.
///
/// ```swift
/// let sketch = TableSketch(of: anatomy, workers: workers)!
/// sketch.match(with: known, workers: workers).log10P    // −40 for a rewritten copy, 0 for an unrelated model
/// ```
///
/// A unit (the MLP of a layer, or an expert) takes about 12 kB. A cosine is rounded to 1/127 of the largest one of its table:
/// with rows of 4096 numbers, chance gives cosines of 0.016, and a step is 0.004 where the largest cosine is 0.5.
package struct TableSketch: Sendable {
  /// Neurons of a table, half of which are held out: if all of these agree, the p-value is 1 / 32! = 10⁻³⁵.
  static let neurons = 64
  /// Experts and layers that are read at most.
  static let units = 128
  /// Parameters of MLPs that are read at most; a model with more gives the layers at its two ends.
  static let mostParameters = 1 << 31

  /// The sizes with which sketches are made and compared.
  static var sizes: TableSizes {
    var sizes = TableSizes()
    (sizes.neurons, sizes.units) = (neurons, units)
    return sizes
  }

  /// The tables with rounded cosines.
  let tables: ModelTables

  /// Whether the model has gates. Only sketches of one kind can be compared.
  package var isGated: Bool { tables.matrices == 3 }
  /// The number of units.
  package var units: Int { tables.units.count }
  /// The layers of the units, with repetitions for experts.
  package var layers: [Int] { tables.units.map(\.layer) }

  /// Reads the tables of a model; nil if it has no MLP that can be read, or only MLPs that are too large.
  ///
  /// Layers are taken alternately from both ends, which depth pruning and up-scaling leave in place, until the limits are reached.
  /// Cost: two reads of the MLPs, at most 2³¹ parameters. `isRead` is called after each unit, from any thread, with the number of all.
  package init?(of anatomy: Anatomy, workers: Workers, isRead: @escaping @Sendable (Int) -> Void = { _ in }) {
    let all = NeuronMatrices.all(of: anatomy)
    let isGated = !all.isEmpty && all.allSatisfy { $0.gate != nil }
    let layers = Set(all.map(\.layer)).sorted()
    // A layer counts with all its experts: the largest ones can only be chosen by reading every gate.
    let parameters = Dictionary(grouping: all, by: \.layer).mapValues { units in
      units.reduce(0) { $0 + $1.neurons * $1.width * (isGated ? 3 : 2) }
    }
    var kept: Set<Int> = []
    var left = Self.mostParameters
    for turn in 0..<min(layers.count, Self.units) {
      let layer = turn % 2 == 0 ? layers[turn / 2] : layers[layers.count - 1 - turn / 2]
      left -= parameters[layer] ?? 0
      if left < 0 { break }
      kept.insert(layer)
    }
    guard !kept.isEmpty else { return nil }
    let sizes = Self.sizes
    let chosen = all.filter { kept.contains($0.layer) }
    let units = NeuronMatrices.largest(sizes.experts(layers: layers.count), of: chosen, workers: workers)
    let read = ModelTables(units, isGated: isGated, sizes, workers: workers, probing: false, isRead: isRead)
    // What was just read must be what the record gives.
    guard read.units.contains(where: { !$0.tables.isEmpty }), let rounded = Self(record: Self.record(of: read)) else {
      return nil
    }
    self = rounded
  }

  /// The tables in common with a known model; both must be gated, or neither. `cost`: about 1 ms for a pair of units.
  package func match(with known: TableSketch, workers: Workers) -> TableMatch {
    TableMatch(candidate: tables, foundation: known.tables, workers: workers)
  }

  // MARK: Record

  /// The sketch as bytes: the same for the same numbers.
  package var record: [UInt8] { Self.record(of: tables) }

  init(_ tables: ModelTables) { self.tables = tables }

  private static func record(of tables: ModelTables) -> [UInt8] {
    var writer = RecordWriter()
    writer.add(tables.matrices)
    writer.add(each: tables.units) { writer, unit in
      writer.add(unit.layer)
      writer.add(unit.expert)
      writer.add(each: Array(zip(TableSelection.allCases, unit.tables))) { writer, pair in
        let (selection, table) = pair
        let own = CosineTable.ownCount(matrices: tables.matrices, selection)
        writer.add(table.neurons)
        writer.add(own)
        var numbers: [UInt8] = []
        for row in 0..<table.neurons { for k in 0..<own { numbers += bytes(of: table.features[row, k]) } }
        writer.add(bytes: numbers)
        for matrix in table.tables { add(matrix, to: &writer) }
      }
    }
    return writer.bytes
  }

  /// The sketch of a record; nil if the bytes are none.
  package init?(record: [UInt8]) {
    var reader = RecordReader(record)
    guard let matrices = reader.integer(), matrices == 2 || matrices == 3 else { return nil }
    let units = reader.list { reader -> UnitTables? in
      guard let layer = reader.integer(), let expert = reader.optionalInteger() else { return nil }
      var selections = TableSelection.allCases[...]
      let tables = reader.list { reader -> CosineTable? in
        guard let selection = selections.popFirst() else { return nil }
        return Self.table(&reader, selection, matrices: matrices)
      }
      guard let tables, tables.isEmpty || selections.isEmpty else { return nil }
      return UnitTables(layer: layer, expert: expert, tables: tables)
    }
    guard let units, !units.isEmpty, units.count <= Self.units * 2, reader.isAtEnd else { return nil }
    self.init(ModelTables(units: units, sizes: Self.sizes, matrices: matrices))
  }

  private static func table(_ reader: inout RecordReader, _ selection: TableSelection, matrices: Int) -> CosineTable? {
    guard let neurons = reader.integer(), (0...Self.neurons).contains(neurons), let own = reader.integer(),
      own == CosineTable.ownCount(matrices: matrices, selection), let numbers = reader.bytes(), numbers.count == 4 * neurons * own
    else { return nil }
    let features = stride(from: 0, to: numbers.count, by: 4).map { Float(bitPattern: LittleEndian.word32(numbers, at: $0)) }
    guard features.allSatisfy(\.isFinite) else { return nil }
    var tables: [Matrix] = []
    for _ in 0..<matrices {
      guard let matrix = matrix(&reader, side: neurons) else { return nil }
      tables.append(matrix)
    }
    return CosineTable(tables: tables, own: Matrix(rows: neurons, columns: own, values: features), selection)
  }

  /// The largest absolute number as 32 bits, then the upper triangle in 127ths of it.
  private static func add(_ matrix: Matrix, to writer: inout RecordWriter) {
    let largest = matrix.values.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
    let scale = largest > 0 ? 127 / largest : 0
    var codes: [UInt8] = []
    for i in 0..<matrix.rows {
      for j in i + 1..<max(matrix.rows, i + 1) {
        let value = matrix[i, j] * scale
        codes.append(UInt8(bitPattern: value.isFinite ? Int8(max(-127, min(127, value.rounded()))) : 0))
      }
    }
    writer.add(bytes: bytes(of: largest))
    writer.add(bytes: codes)
  }

  private static func matrix(_ reader: inout RecordReader, side: Int) -> Matrix? {
    guard let scale = reader.bytes(), scale.count == 4, let codes = reader.bytes(), codes.count == side * max(side - 1, 0) / 2
    else { return nil }
    let largest = Float(bitPattern: LittleEndian.word32(scale, at: 0))
    guard largest.isFinite, largest >= 0, largest <= 2 else { return nil }
    var matrix = Matrix(rows: side, columns: side)
    var next = 0
    for i in 0..<side {
      for j in i + 1..<max(side, i + 1) {
        let value = Float(Int8(bitPattern: codes[next])) * (largest / 127)
        (matrix[i, j], matrix[j, i]) = (value, value)
        next += 1
      }
    }
    return matrix
  }

  private static func bytes(of number: Float) -> [UInt8] {
    LittleEndian.bytes(of: (number.isFinite ? number : 0).bitPattern)
  }
}
