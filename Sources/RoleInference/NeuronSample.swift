/// Some neurons of a matrix (or channels of its heads), each as a unit vector in the residual stream; the lengths are stored
/// separately.
///
/// They are rows of a matrix that reads the residual stream, columns of one that writes to it. Neither a rotation of the
/// residual stream nor another order of its channels changes the angles between vectors of one model.
struct NeuronSample: Sendable {
  /// Vectors, row after row, `count × width`, of unit length (a zero vector stays zero).
  let values: [Float]
  /// Number of vectors.
  let count: Int
  /// Channels of a vector.
  let width: Int
  /// The vectors' squared lengths.
  let squares: [Double]

  /// A sample of the vectors `values`, `count × width`.
  init(_ values: [Float], count: Int, width: Int) {
    var values = values
    var squares = [Double](repeating: 0, count: count)
    for i in 0..<count {
      var sum: Double = 0
      for j in i * width..<(i + 1) * width { sum += Double(values[j]) * Double(values[j]) }
      squares[i] = sum.isFinite ? sum : 0
      let scale = sum > 0 && sum.isFinite ? Float(1 / sum.squareRoot()) : 0
      for j in i * width..<(i + 1) * width { values[j] = scale == 0 ? 0 : values[j] * scale }
    }
    self.values = values
    self.count = count
    self.width = width
    self.squares = squares
  }

  /// The mean square of every channel over all vectors with their lengths: how strongly the matrix uses the channel. O(count ·
  /// width).
  var channelSquares: [Double] {
    var sums = [Double](repeating: 0, count: width)
    for i in 0..<count {
      for j in 0..<width { sums[j] += squares[i] * Double(values[i * width + j]) * Double(values[i * width + j]) }
    }
    return sums
  }

  /// The sum of the vectors' outer products over the first channels (at most 256), row-major, divided by the number of vectors.
  ///
  /// Two matrices' mean cos² over all pairs of their vectors is the inner product of these. O(count · channels²).
  var secondMoments: [Float] {
    let side = min(width, 256)
    var sums = [Float](repeating: 0, count: side * side)
    for i in 0..<count {
      for j in 0..<side {
        let factor = values[i * width + j] / Float(count)
        if factor == 0 { continue }
        for k in 0..<side { sums[j * side + k] += factor * values[i * width + k] }
      }
    }
    return sums
  }

  /// The cosine of vector `i` and another sample's vector `k`. O(width).
  func cosine(_ i: Int, _ other: NeuronSample, _ k: Int, channels: Int? = nil) -> Float {
    let (a, b) = (i * width, k * other.width)
    var sum: Float = 0
    for j in 0..<min(width, channels ?? width) { sum += values[a + j] * other.values[b + j] }
    return sum
  }
}
