import LinearAlgebra

extension HeadMatch {
  /// Matches the heads of two layers, of the given size; nil when the sizes do not fit.
  init?(_ candidate: HeadRows, _ foundation: HeadRows, size: Int, layer: Int, originLayer: Int) {
    guard size > 0, candidate.key.rows % size == 0, foundation.key.rows % size == 0,
      candidate.key.columns == foundation.key.columns
    else { return nil }
    self.layer = layer
    self.originLayer = originLayer
    self.size = size
    let products = HeadProducts(candidate, foundation, size: size)
    let (heads, otherHeads) = (candidate.key.rows / size, foundation.key.rows / size)
    let (queries, otherQueries) = (candidate.sharing, foundation.sharing)
    var scores = Matrix(rows: heads, columns: otherHeads)
    // For each pair of key–value heads, the partner of each query head.
    var partners: [[[Int]]] = []
    for j in 0..<heads {
      partners.append([])
      for k in 0..<otherHeads {
        var inside = Matrix(rows: queries, columns: otherQueries)
        for x in 0..<queries {
          for y in 0..<otherQueries { inside[x, y] = products.likeness(j * queries + x, k * otherQueries + y) }
        }
        let matched = MutualMatches(exhausting: inside).partner
        partners[j].append(matched)
        let sum = matched.enumerated().reduce(Float(0)) { $1.element < 0 ? $0 : $0 + inside[$1.offset, $1.element] }
        scores[j, k] = sum / Float(min(queries, otherQueries))
      }
    }
    groups = MutualMatches(exhausting: scores).partner.enumerated().filter { $1 >= 0 }.map { j, k in
      let pairs = partners[j][k].enumerated().filter { $1 >= 0 }.map {
        (candidate: j * queries + $0, foundation: k * otherQueries + $1)
      }
      return products.group(j, k, pairs.sorted { $0.foundation < $1.foundation }, likeness: Double(scores[j, k]))
    }.sorted { $0.foundation < $1.foundation }
  }
}
