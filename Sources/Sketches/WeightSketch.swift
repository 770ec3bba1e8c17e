import Records

/// What a sketch keeps of one matrix: the signs of some of its numbers, and a hash of others.
///
/// The positions are a function of the shape alone. Numbers are read as f32, whatever their type, file, tensor or name. So a copy
/// that is sharded, renamed, fused with others or stored in a wider type gives the same sketch, and a quantised copy nearly the same.
package struct WeightSketch: Sendable, Equatable {
  /// Its role, as in reports.
  package let role: String
  /// The layer's number; nil outside of all layers.
  package let layer: Int?
  /// Size of the matrix.
  package let rows: Int
  package let columns: Int
  /// One word for each sampled row; bit k is set if the number in sampled column k is above 0. Empty for a matrix without a vote: one
  /// that is too small, whose order of rows has a meaning (tokens, positions), or that follows a formula.
  package let signs: [UInt32]
  /// The first bytes of SHA-256 of a sample of the numbers as f32; empty if all of the sample have one absolute value.
  package let hash: [UInt8]

  package init(role: String, layer: Int?, rows: Int, columns: Int, signs: [UInt32], hash: [UInt8]) {
    (self.role, self.layer, self.rows, self.columns) = (role, layer, rows, columns)
    (self.signs, self.hash) = (signs, hash)
  }

  /// Number of parameters of the matrix; rows and columns of a record are checked, so that the product fits.
  package var parameters: Int { rows * columns }

  /// Whether two matrices can be compared in place.
  func isComparable(with other: WeightSketch) -> Bool {
    role == other.role && rows == other.rows && columns == other.columns && !signs.isEmpty && signs.count == other.signs.count
  }

  /// Whether their sampled numbers are the same.
  func isEqual(to other: WeightSketch) -> Bool {
    !hash.isEmpty && hash == other.hash && rows == other.rows && columns == other.columns
  }

  func write(to writer: inout RecordWriter) {
    writer.add(role)
    writer.add(layer)
    writer.add(rows)
    writer.add(columns)
    writer.add(bytes: signs.flatMap { LittleEndian.bytes(of: $0) })
    writer.add(bytes: hash)
  }

  /// The largest side of a matrix in a record: no product of two overflows.
  private static let mostSide = 1 << 31

  init?(_ reader: inout RecordReader) {
    guard let role = reader.text(), let layer = reader.optionalInteger(), let rows = reader.integer(),
      let columns = reader.integer(), (0...Self.mostSide).contains(rows), (0...Self.mostSide).contains(columns),
      let bytes = reader.bytes(), bytes.isEmpty || bytes.count == 4 * SketchRule.rows, let hash = reader.bytes(),
      hash.isEmpty || hash.count == SketchRule.hashBytes
    else { return nil }
    let signs = stride(from: 0, to: bytes.count, by: 4).map { LittleEndian.word32(bytes, at: $0) }
    self.init(role: role, layer: layer, rows: rows, columns: columns, signs: signs, hash: hash)
  }
}
