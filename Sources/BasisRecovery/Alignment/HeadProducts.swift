import LinearAlgebra
import RealModule

/// The products of the attention rows of two layers, head by head: all the data for matching their heads.
struct HeadProducts {
  /// Elements of a head.
  let size: Int
  /// Query heads for each key–value head.
  let sharing: Sides<Int>
  /// Products of the candidate's rows with the foundation's, of all heads.
  let query: Matrix
  let key: Matrix
  let value: Matrix
  let output: Matrix
  /// The norms for each query head.
  let norms: Sides<[ProductNorms]>
  let lengths: Sides<Lengths>

  /// A value for the candidate and one for the foundation.
  struct Sides<Value> {
    var candidate: Value
    var foundation: Value
  }

  /// Frobenius norms of the two products of a query head with its key–value head.
  struct ProductNorms {
    /// ‖qᵀ·k‖.
    var queryKey: Double
    /// ‖oᵀ·v‖.
    var outputValue: Double
  }

  /// Frobenius norms of each head's rows.
  struct Lengths {
    var query: [Double]
    var key: [Double]
    var value: [Double]
    var output: [Double]
  }

  /// The products of two layers, whose rows are heads of this size.
  init(_ candidate: HeadRows, _ foundation: HeadRows, size: Int) {
    self.size = size
    sharing = Sides(candidate: candidate.sharing, foundation: foundation.sharing)
    query = candidate.query.timesTranspose(of: foundation.query)
    key = candidate.key.timesTranspose(of: foundation.key)
    value = candidate.value.timesTranspose(of: foundation.value)
    output = candidate.output.timesTranspose(of: foundation.output)
    norms = Sides(candidate: Self.norms(candidate, size), foundation: Self.norms(foundation, size))
    lengths = Sides(candidate: Lengths(candidate, size), foundation: Lengths(foundation, size))
  }

  /// ‖xᵀ·y‖² = ⟨x·xᵀ, y·yᵀ⟩: from products of a head's rows with each other, size × size, instead of width × width.
  private static func norms(_ rows: HeadRows, _ size: Int) -> [ProductNorms] {
    let groups = (0..<rows.key.rows / size).map {
      (key: ownProducts(rows.key, head: $0, size), value: ownProducts(rows.value, head: $0, size))
    }
    return (0..<rows.query.rows / size).map { head in
      let group = groups[head / rows.sharing]
      return ProductNorms(
        queryKey: norm(ownProducts(rows.query, head: head, size), group.key),
        outputValue: norm(ownProducts(rows.output, head: head, size), group.value))
    }
  }

  /// x·xᵀ of the rows of one head.
  private static func ownProducts(_ matrix: Matrix, head: Int, _ size: Int) -> Matrix {
    let rows = matrix.taking(Array(head * size..<(head + 1) * size))
    return rows.timesTranspose(of: rows)
  }

  private static func norm(_ x: Matrix, _ y: Matrix) -> Double {
    max(0, zip(x.values, y.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }).squareRoot()
  }

  /// The likeness of the candidate's query head `i` and the foundation's query head `j`, each with its key–value head: the mean
  /// of the cosines of qᵀ·k and of oᵀ·v, −1 … 1.
  func likeness(_ i: Int, _ j: Int) -> Float {
    let (k, l) = (i / sharing.candidate, j / sharing.foundation)
    var (queryKey, outputValue) = (0.0, 0.0)
    for x in 0..<size {
      for y in 0..<size {
        queryKey += Double(query[i * size + x, j * size + y]) * Double(key[k * size + x, l * size + y])
        outputValue += Double(output[i * size + x, j * size + y]) * Double(value[k * size + x, l * size + y])
      }
    }
    let (left, right) = (norms.candidate[i], norms.foundation[j])
    let queryKeyNorm = left.queryKey * right.queryKey
    let outputValueNorm = left.outputValue * right.outputValue
    return Float(
      ((queryKeyNorm > 0 ? queryKey / queryKeyNorm : 0) + (outputValueNorm > 0 ? outputValue / outputValueNorm : 0)) / 2)
  }

  /// The candidate's key–value head `j` matched with the foundation's `k`, with these pairs of query heads.
  func group(_ j: Int, _ k: Int, _ queries: [(candidate: Int, foundation: Int)], likeness: Double) -> HeadMatch.Group {
    let (candidate, foundation) = (lengths.candidate, lengths.foundation)
    return HeadMatch.Group(
      candidate: j, foundation: k, likeness: likeness, queries: queries,
      value: transform(
        shared: (value, candidate.value[j] * foundation.value[k]), j, k, queries: queries,
        (output, candidate.output, foundation.output)),
      key: transform(
        shared: (key, candidate.key[j] * foundation.key[k]), j, k, queries: queries, (query, candidate.query, foundation.query)),
      lengths: (
        .log(candidate.value[j] / foundation.value[k]), Self.growth(candidate.output, foundation.output, queries),
        .log(candidate.key[j] / foundation.key[k]), Self.growth(candidate.query, foundation.query, queries)
      ))
  }

  /// The change of basis inside a head, from the matrix of the key–value head (keys or values) and the matrices of its query
  /// heads (queries or outputs). Both undergo the same change, so it follows from the sum of their products, each divided by its
  /// norms.
  private func transform(
    shared: (products: Matrix, norm: Double), _ j: Int, _ k: Int, queries: [(candidate: Int, foundation: Int)],
    _ matrices: (products: Matrix, candidate: [Double], foundation: [Double])
  ) -> HeadTransform {
    var sum = block(shared.products, j, k)
    sum.scale(by: shared.norm > 0 ? 1 / shared.norm : 0)
    for pair in queries {
      var part = block(matrices.products, pair.candidate, pair.foundation)
      let norm = matrices.candidate[pair.candidate] * matrices.foundation[pair.foundation] * Double(queries.count)
      part.scale(by: norm > 0 ? 1 / norm : 0)
      sum.add(part)
    }
    return HeadTransform(products: sum)
  }

  /// The products of the rows of head `i` with those of head `j`.
  private func block(_ matrix: Matrix, _ i: Int, _ j: Int) -> Matrix {
    var found = Matrix(rows: size, columns: size)
    for x in 0..<size {
      for y in 0..<size { found.values[x * size + y] = matrix[i * size + x, j * size + y] }
    }
    return found
  }

  /// The natural logarithm of the candidate's length divided by the foundation's, over all query heads of a key–value head.
  private static func growth(
    _ candidate: [Double], _ foundation: [Double], _ queries: [(candidate: Int, foundation: Int)]
  ) -> Double {
    .log(total(candidate, queries.map(\.candidate)) / total(foundation, queries.map(\.foundation)))
  }

  private static func total(_ norms: [Double], _ heads: [Int]) -> Double {
    heads.reduce(0) { $0 + norms[$1] * norms[$1] }.squareRoot()
  }
}

extension HeadProducts.Lengths {
  /// The lengths of a layer's heads of this size.
  fileprivate init(_ rows: HeadRows, _ size: Int) {
    func norms(_ matrix: Matrix) -> [Double] {
      let part = size * matrix.columns
      return stride(from: 0, to: matrix.values.count, by: part).map {
        sumAndSquares(matrix.values.span.extracting($0..<$0 + part)).squares.squareRoot()
      }
    }
    self.init(query: norms(rows.query), key: norms(rows.key), value: norms(rows.value), output: norms(rows.output))
  }
}
