import TensorViews

/// The width of the residual stream and the number of layers, from the shapes of all parameters.
struct ShapeCensus: Sendable {
  /// The width of the residual stream: the dimension that most matrices have.
  let width: Int
  /// The numbers of layers that the shapes allow, the largest first, eight at most.
  let layerCounts: [Int]

  /// Counts the shapes; nil when there is no matrix. O(parameters).
  init?(_ parameters: [Parameter]) {
    // First the number of matrices with a dimension, then the number of vectors: if every matrix is gate, up or down, both of
    // their dimensions occur in all of them, but norms and tables have the width of the residual stream.
    var matrices: [Int: Int] = [:]
    var vectors: [Int: Int] = [:]
    var shapes: [[Int]: Int] = [:]
    for parameter in parameters {
      let shape = parameter.shape
      shapes[shape, default: 0] += 1
      if shape.count == 1 {
        vectors[shape[0], default: 0] += 1
      } else if shape.count >= 2 {
        for size in Set(shape.suffix(2)) where size > 1 { matrices[size, default: 0] += 1 }
      }
    }
    let best = matrices.max { a, b in
      (a.value, vectors[a.key, default: 0], b.key) < (b.value, vectors[b.key, default: 0], a.key)
    }
    guard let best else { return nil }
    width = best.key
    layerCounts = Self.layerCounts(shapes)
  }

  /// The numbers above 1 that divide the count of each shape of a matrix.
  ///
  /// Only matrices count (there are one or two more vectors, of the final norm), and only shapes that occur more than twice:
  /// the embedding and the head are outside of the layers.
  private static func layerCounts(_ shapes: [[Int]: Int]) -> [Int] {
    let counts = shapes.filter { $0.key.count >= 2 && $0.value > 2 }.map(\.value)
    guard var common = counts.first else { return [] }
    for count in counts {
      var rest = count
      while rest != 0 { (common, rest) = (rest, common % rest) }
    }
    var divisors: Set<Int> = []
    var k = 1
    while k * k <= common {
      if common % k == 0 { divisors.formUnion([k, common / k]) }
      k += 1
    }
    return Array(divisors.filter { $0 > 1 }.sorted(by: >).prefix(8))
  }
}
