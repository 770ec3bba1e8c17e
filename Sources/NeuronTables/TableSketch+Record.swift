import LinearAlgebra
import Records

extension TableSketch {
  /// Levels above 0 of a feature.
  private static let featureLevels: Float = 32_767

  /// The sketch as bytes: the same for the same numbers.
  package var record: [UInt8] {
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
        for k in 0..<own { Self.add((0..<table.neurons).map { table.features[$0, k] }, to: &writer) }
        for matrix in table.tables { Self.add(matrix, to: &writer) }
      }
    }
    writer.add(bytes: vector.map { UInt8(bitPattern: $0) })
    return writer.bytes
  }

  /// The sketch of a record; nil if the bytes are none. A record without a vector, of another program, gives that of its units.
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
    guard let units, !units.isEmpty, units.count <= Self.units * 2, let bytes = reader.bytes(), reader.isAtEnd,
      bytes.isEmpty || bytes.count == Self.vectorLength
    else { return nil }
    let tables = ModelTables(units: units, sizes: Self.sizes, matrices: matrices)
    self.init(tables, vector: bytes.isEmpty ? Self.vector(of: tables) : bytes.map { Int8(bitPattern: $0) })
  }

  private static func table(_ reader: inout RecordReader, _ selection: TableSelection, matrices: Int) -> CosineTable? {
    guard let neurons = reader.integer(), (0...Self.neurons).contains(neurons), let own = reader.integer(),
      own == CosineTable.ownCount(matrices: matrices, selection)
    else { return nil }
    var features = Matrix(rows: neurons, columns: own)
    for k in 0..<own {
      guard let column = column(&reader, neurons) else { return nil }
      for (i, value) in column.enumerated() { features[i, k] = value }
    }
    var tables: [Matrix] = []
    for _ in 0..<matrices {
      guard let matrix = matrix(&reader, side: neurons) else { return nil }
      tables.append(matrix)
    }
    return CosineTable(tables: tables, own: features, selection)
  }

  /// The largest absolute number as 32 bits, then each in 16 bits.
  private static func add(_ column: [Float], to writer: inout RecordWriter) {
    let largest = column.reduce(0) { max($0, $1.isFinite ? abs($1) : 0) }
    writer.add(bytes: LittleEndian.bytes(of: largest.bitPattern))
    writer.add(
      bytes: column.flatMap { value -> [UInt8] in
        let level = largest > 0 && value.isFinite ? Int16((value / largest * featureLevels).rounded()) : 0
        return [UInt8(truncatingIfNeeded: level), UInt8(truncatingIfNeeded: level >> 8)]
      })
  }

  private static func column(_ reader: inout RecordReader, _ count: Int) -> [Float]? {
    guard let largest = scale(&reader, most: Float.greatestFiniteMagnitude), let levels = reader.bytes(),
      levels.count == 2 * count
    else { return nil }
    return (0..<count).map { i in
      let level = Int16(bitPattern: UInt16(levels[2 * i]) | UInt16(levels[2 * i + 1]) << 8)
      return Float(max(level, -Int16(featureLevels))) / featureLevels * largest
    }
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
    writer.add(bytes: LittleEndian.bytes(of: largest.bitPattern))
    writer.add(bytes: codes)
  }

  private static func matrix(_ reader: inout RecordReader, side: Int) -> Matrix? {
    guard let largest = scale(&reader, most: 2), let codes = reader.bytes(), codes.count == side * max(side - 1, 0) / 2 else {
      return nil
    }
    var matrix = Matrix(rows: side, columns: side)
    var next = 0
    for i in 0..<side {
      for j in i + 1..<max(side, i + 1) {
        // In this order the largest number comes back to the bit, so that a record that was read gives the same bytes.
        let value = Float(Int8(bitPattern: codes[next])) / 127 * largest
        (matrix[i, j], matrix[j, i]) = (value, value)
        next += 1
      }
    }
    return matrix
  }

  /// A number that is not negative and at most `most`, of 32 bits.
  private static func scale(_ reader: inout RecordReader, most: Float) -> Float? {
    guard let bytes = reader.bytes(), bytes.count == 4 else { return nil }
    let value = Float(bitPattern: LittleEndian.word32(bytes, at: 0))
    return value.isFinite && value >= 0 && value <= most ? value : nil
  }
}
