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
  /// One word for each sampled row; bit k is set if the number in sampled column k is above 0, for the columns that the part's sketch
  /// has. Empty for a matrix without a vote: one that is too small, whose order of rows has a meaning (tokens, positions), or that
  /// follows a formula.
  package let signs: [UInt32]
  /// The first bytes of SHA-256 of a sample of the numbers as f32; empty if all of the sample have one absolute value.
  package let hash: [UInt8]

  package init(role: String, layer: Int?, rows: Int, columns: Int, signs: [UInt32], hash: [UInt8]) {
    (self.role, self.layer, self.rows, self.columns) = (role, layer, rows, columns)
    (self.signs, self.hash) = (signs, hash)
  }

  /// A role with a shape: the signs of two matrices are compared if they have one kind.
  struct Kind: Hashable {
    let role: String
    let rows: Int
    let columns: Int
  }

  /// The matrix's role and shape.
  var kind: Kind { Kind(role: role, rows: rows, columns: columns) }

  /// Number of parameters of the matrix; no side of a record is above 2³¹, so that the product fits.
  package var parameters: Int { rows * columns }

  /// Whether their sampled numbers are the same.
  func isEqual(to other: WeightSketch) -> Bool {
    !hash.isEmpty && hash == other.hash && rows == other.rows && columns == other.columns
  }
}
