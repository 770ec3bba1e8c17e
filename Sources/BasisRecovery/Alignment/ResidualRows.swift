import LinearAlgebra
import ModelAnatomy
import WeightSimilarity

/// A weight as rows in the channels of the residual stream. For a matrix that reads the residual stream, and for a token table,
/// these are its rows times the gain of the norm in front of it. For a matrix that writes to the stream, these are its columns.
struct ResidualRows: Sendable {
  /// Rows in memory at once.
  static let block = 512

  let matrix: MatrixRows
  let gain: [Float]?
  let isWriter: Bool

  /// The number of rows.
  var count: Int { isWriter ? matrix.columns : matrix.rows }
  /// The number of residual channels.
  var width: Int { isWriter ? matrix.rows : matrix.columns }

  /// nil for a weight that neither reads the residual stream nor writes to it.
  init?(_ weight: Weight, of anatomy: Anatomy) {
    guard weight.isMatrix, weight.components == 1, Self.readers.contains(weight.role) || Self.writers.contains(weight.role) else {
      return nil
    }
    matrix = MatrixRows(weight)
    isWriter = Self.writers.contains(weight.role)
    gain = anatomy.gains(of: weight)
  }

  static let writers: Set<Role> = Set([.oProj] + NeuronRoles.kinds.map(\.down))
  static let readers: Set<Role> = Set(
    [.qProj, .kProj, .vProj, .router, .embedTokens, .lmHead, Role(name: "embed_positions")]
      + NeuronRoles.kinds.flatMap { [$0.up] + ($0.gate.map { [$0] } ?? []) })

  /// The chosen rows, in this order: chosen.count × width. Cost: a read of these rows of a reader, or of the whole matrix of a
  /// writer.
  func taking(_ chosen: [Int]) -> Matrix {
    isWriter ? columns(chosen) : rows(chosen)
  }

  private func rows(_ chosen: [Int]) -> Matrix {
    var values: [Float] = []
    values.reserveCapacity(chosen.count * width)
    var next = 0
    while next < chosen.count {
      // Consecutive rows are read together.
      var end = next + 1
      while end < chosen.count, chosen[end] == chosen[end - 1] + 1, end - next < Self.block { end += 1 }
      values += matrix.read(chosen[next]..<chosen[end - 1] + 1, 0..<width)
      next = end
    }
    if let gain {
      for start in stride(from: 0, to: values.count, by: width) {
        for k in 0..<width { values[start + k] *= gain[k] }
      }
    }
    return Matrix(rows: chosen.count, columns: width, values: values)
  }

  private func columns(_ chosen: [Int]) -> Matrix {
    var found = Matrix(rows: chosen.count, columns: width)
    let side = max(1, (1 << 20) / max(matrix.columns, 1))
    for start in stride(from: 0, to: width, by: side) {
      let channels = start..<min(start + side, width)
      let values = matrix.read(channels, 0..<matrix.columns)
      for (i, column) in chosen.enumerated() {
        for k in 0..<channels.count { found.values[i * width + start + k] = values[k * matrix.columns + column] }
      }
    }
    return found
  }
}
