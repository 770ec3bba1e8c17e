/// The inner products of one weight between every pair of several models.
///
/// ```swift
/// let matrix = GramPass(models, workers: workers).run()[0]
/// matrix.cosine(0, 1)         // 0.9950…: of models[matrix.models[0]] and models[matrix.models[1]]
/// matrix.cosine(0, 1, .centred)
/// ```
package struct GramMatrix: Sendable, Equatable {
  /// The layer; nil outside of all layers.
  package let layer: Int?
  /// The name of its role.
  package let role: String
  /// The expert, if there are several.
  package let expert: Int?
  /// Count of numbers of the weight in each model: its elements, or twice as many if they are complex.
  package let elements: Int
  /// The models that have the weight in this shape, by their index in the list of the pass, ascending.
  package let models: [Int]
  /// Σxy of every pair of `models`, `models.count²`, row-major, symmetric to the bit; squared norms on the diagonal. A NaN or an
  /// infinity counts as zero.
  package let products: [Double]
  /// Σx of each of `models`.
  package let sums: [Double]
  /// For each of `models`: false if a NaN or an infinity was counted as zero.
  package let isFinite: [Bool]
  /// True for a matrix, which a verdict may use; false for gains, biases and other vectors.
  package let isMatrix: Bool
  /// For each of `models`: norm of the errors of rounding to the stored type, divided by the norm of the numbers; nil if the
  /// numbers are not stored as plain floating point.
  package let roundings: [Double?]

  /// The cosine of the i-th and j-th of `models`; nil if a norm is zero or not finite, or (centred) if a side is constant.
  /// Exactly symmetric. O(1).
  package func cosine(_ i: Int, _ j: Int, _ metric: LayerMatrix.Metric = .cosine) -> Double? {
    let count = models.count
    var (xy, xx, yy) = (products[i * count + j], products[i * count + i], products[j * count + j])
    if metric == .centred {
      let n = Double(elements)
      xy -= sums[i] * sums[j] / n
      xx -= sums[i] * sums[i] / n
      yy -= sums[j] * sums[j] / n
    }
    guard xx > 0, yy > 0, xx.isFinite, yy.isFinite, xy.isFinite else { return nil }
    return min(max(xy / (xx.squareRoot() * yy.squareRoot()), -1), 1)
  }
}
