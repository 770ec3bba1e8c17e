import LinearAlgebra
import ModelAnatomy

/// The attention of one layer as rows in coordinates that two models share: the rows of q, k and v, and the columns of o.
struct HeadRows: Sendable {
  var query: Matrix
  var key: Matrix
  var value: Matrix
  var output: Matrix

  /// The attention of a layer; nil when one of the four matrices is missing or they do not fit each other.
  init?(_ anatomy: Anatomy, layer: Int, _ coordinates: SharedCoordinates.Projection) {
    func rows(_ role: Role) -> Matrix? {
      guard let weight = anatomy.weights.first(where: { $0.layer == layer && $0.role == role }),
        let source = ResidualRows(weight, of: anatomy)
      else { return nil }
      let starts = Array(stride(from: 0, to: source.count, by: ResidualRows.block))
      // Any column of a writer costs a read of the whole matrix.
      if source.isWriter { return coordinates(source.taking(Array(0..<source.count))) }
      return Matrix(
        stacking: starts.map {
          coordinates(source.taking(Array($0..<min($0 + ResidualRows.block, source.count))))
        })
    }
    guard let query = rows(.qProj), let key = rows(.kProj), let value = rows(.vProj), let output = rows(.oProj),
      key.rows == value.rows, query.rows == output.rows, key.rows > 0, query.rows % key.rows == 0
    else { return nil }
    (self.query, self.key, self.value, self.output) = (query, key, value, output)
  }

  /// Query heads for each key–value head.
  var sharing: Int { query.rows / key.rows }
}
