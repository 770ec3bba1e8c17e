import LinearAlgebra
import RealModule

extension HeadMatch {
  /// Matches the heads of two layers, of the given size. nil when the sizes do not fit.
  init?(_ b: HeadRows, _ a: HeadRows, size: Int, layer: Int, originLayer: Int) {
    guard size > 0, b.key.rows % size == 0, a.key.rows % size == 0, b.key.columns == a.key.columns else { return nil }
    self.layer = layer
    self.originLayer = originLayer
    self.size = size
    let products = Products(b, a, size: size)
    let (ours, theirs) = (b.key.rows / size, a.key.rows / size)
    var scores = Matrix(rows: ours, columns: theirs)
    var queries: [[[Int]]] = []
    for j in 0..<ours {
      queries.append([])
      for k in 0..<theirs {
        var inside = Matrix(rows: b.sharing, columns: a.sharing)
        for x in 0..<b.sharing {
          for y in 0..<a.sharing { inside[x, y] = products.likeness(j * b.sharing + x, k * a.sharing + y) }
        }
        let matched = MutualMatches(exhausting: inside).partner
        queries[j].append(matched)
        let sum = matched.enumerated().reduce(Float(0)) { $1.element < 0 ? $0 : $0 + inside[$1.offset, $1.element] }
        scores[j, k] = sum / Float(min(b.sharing, a.sharing))
      }
    }
    let partners = MutualMatches(exhausting: scores).partner
    groups = partners.enumerated().filter { $1 >= 0 }.map { j, k in
      let pairs = queries[j][k].enumerated().filter { $1 >= 0 }.map {
        (candidate: j * b.sharing + $0, foundation: k * a.sharing + $1)
      }
      return products.group(j, k, pairs.sorted { $0.foundation < $1.foundation }, likeness: Double(scores[j, k]))
    }.sorted { $0.foundation < $1.foundation }
  }

  /// Everything that is needed of two layers' rows: their products, head against head.
  private struct Products {
    let size: Int
    let sharing: (Int, Int)
    let query: Matrix
    let key: Matrix
    let value: Matrix
    let output: Matrix
    /// ‖q_iᵀ·k‖ and ‖o_iᵀ·v‖ of each query head, candidate's and foundation's.
    let norms: (candidate: [(qk: Double, ov: Double)], foundation: [(qk: Double, ov: Double)])
    let lengths: (candidate: Lengths, foundation: Lengths)

    /// Frobenius norms of each head's rows.
    struct Lengths {
      var query: [Double]
      var key: [Double]
      var value: [Double]
      var output: [Double]

      init(_ rows: HeadRows, _ size: Int) {
        func norms(_ matrix: Matrix) -> [Double] {
          let part = size * matrix.columns
          return stride(from: 0, to: matrix.values.count, by: part).map {
            sumAndSquares(matrix.values.span.extracting($0..<$0 + part)).squares.squareRoot()
          }
        }
        (query, key, value, output) = (norms(rows.query), norms(rows.key), norms(rows.value), norms(rows.output))
      }
    }

    init(_ b: HeadRows, _ a: HeadRows, size: Int) {
      self.size = size
      sharing = (b.sharing, a.sharing)
      query = b.query.timesTranspose(of: a.query)
      key = b.key.timesTranspose(of: a.key)
      value = b.value.timesTranspose(of: a.value)
      output = b.output.timesTranspose(of: a.output)
      norms = (Self.norms(b, size), Self.norms(a, size))
      lengths = (Lengths(b, size), Lengths(a, size))
    }

    private static func norms(_ rows: HeadRows, _ size: Int) -> [(qk: Double, ov: Double)] {
      let own = { (matrix: Matrix, head: Int) in
        let part = matrix.taking(Array(head * size..<(head + 1) * size))
        return part.timesTranspose(of: part)
      }
      let groups = (0..<rows.key.rows / size).map { (own(rows.key, $0), own(rows.value, $0)) }
      return (0..<rows.query.rows / size).map { head in
        let (key, value) = groups[head / rows.sharing]
        func norm(_ x: Matrix, _ y: Matrix) -> Double {
          max(0, zip(x.values, y.values).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }).squareRoot()
        }
        return (norm(own(rows.query, head), key), norm(own(rows.output, head), value))
      }
    }

    private func block(_ matrix: Matrix, _ i: Int, _ j: Int) -> Matrix {
      var found = Matrix(rows: size, columns: size)
      for x in 0..<size {
        for y in 0..<size { found.values[x * size + y] = matrix[i * size + x, j * size + y] }
      }
      return found
    }

    /// Of a query head of each.
    func likeness(_ i: Int, _ j: Int) -> Float {
      let (k, l) = (i / sharing.0, j / sharing.1)
      var (qk, ov) = (0.0, 0.0)
      for x in 0..<size {
        for y in 0..<size {
          qk += Double(query[i * size + x, j * size + y]) * Double(key[k * size + x, l * size + y])
          ov += Double(output[i * size + x, j * size + y]) * Double(value[k * size + x, l * size + y])
        }
      }
      let (p, q) = (norms.candidate[i].qk * norms.foundation[j].qk, norms.candidate[i].ov * norms.foundation[j].ov)
      return Float(((p > 0 ? qk / p : 0) + (q > 0 ? ov / q : 0)) / 2)
    }

    func group(_ j: Int, _ k: Int, _ pairs: [(candidate: Int, foundation: Int)], likeness: Double) -> Group {
      let (ours, theirs) = (lengths.candidate, lengths.foundation)
      func turn(_ first: Matrix, _ norm: (Double, Double), _ others: Matrix, _ norms: ([Double], [Double])) -> HeadTurn {
        var sum = block(first, j, k)
        sum.scale(by: norm.0 * norm.1 > 0 ? 1 / (norm.0 * norm.1) : 0)
        for pair in pairs {
          var part = block(others, pair.candidate, pair.foundation)
          let product = norms.0[pair.candidate] * norms.1[pair.foundation] * Double(pairs.count)
          part.scale(by: product > 0 ? 1 / product : 0)
          sum.add(part)
        }
        return HeadTurn(products: sum)
      }
      func total(_ norms: [Double], _ heads: [Int]) -> Double {
        heads.reduce(0) { $0 + norms[$1] * norms[$1] }.squareRoot()
      }
      let (heads, others) = (pairs.map(\.candidate), pairs.map(\.foundation))
      return Group(
        candidate: j, foundation: k, likeness: likeness, queries: pairs,
        value: turn(value, (ours.value[j], theirs.value[k]), output, (ours.output, theirs.output)),
        key: turn(key, (ours.key[j], theirs.key[k]), query, (ours.query, theirs.query)),
        lengths: (
          .log(ours.value[j] / theirs.value[k]), .log(total(ours.output, heads) / total(theirs.output, others)),
          .log(ours.key[j] / theirs.key[k]), .log(total(ours.query, heads) / total(theirs.query, others))
        ))
    }
  }
}
