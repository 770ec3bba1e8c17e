import RealModule

/// What two matrices of one layer have in common, and two of different layers or in other roles have not.
///
/// Every figure is in standard deviations of what matrices without any relation show (mean 0, variance about 1), and large ones are
/// pressed together (``pressed(_:)``), so that figures may be added and none decides alone.
///
/// **Balance.** Two matrices in a row, and a gain in front of a matrix, are trained to equal lengths unit by unit: under gradient
/// flow W₁W₁ᵀ − W₂ᵀW₂ is conserved, and weight decay takes the difference to zero (Du, Hu, Lee, Algorithmic regularization in learning
/// deep homogeneous models, 2018). So the lengths of `up`'s rows follow those of `down`'s columns, those of `v`'s rows the columns of
/// `o`, those of `q` those of `k`. Rotating the residual stream, reordering neurons and rotating inside of heads leave it as it is;
/// scales traded between the two make the lengths follow each other in reverse.
///
/// **Angles.** A neuron reads and writes related directions: |cos| of its row and its column is larger than of two neurons'. The
/// subspaces of a head's q and k, and of its v and o, overlap more than those of different heads.
enum MatrixAffinity {
  /// `z` while it is small, growing as its logarithm where it is large; odd.
  static func pressed(_ z: Double) -> Double { z.isFinite ? 4 * .asinh(z / 4) : 0 }

  /// How far the lengths of two matrices' neurons follow each other, in either direction. O(neurons).
  static func neuronBalance(_ a: NeuronSample, _ b: NeuronSample) -> Double {
    let z = abs(correlation(logarithms(a.squares), logarithms(b.squares))) * Double(min(a.count, b.count)).squareRoot()
    // |z| of a standard normal number: mean √(2/π), variance 1 − 2/π.
    return pressed((z - 0.798) / 0.603)
  }

  /// How far |cos| of equal neurons exceeds that of other neurons, 1, 3 and 7 further on. O(neurons · width).
  static func neuronAngle(_ a: NeuronSample, _ b: NeuronSample, channels: Int? = nil) -> Double {
    let count = min(a.count, b.count)
    guard count >= 8, a.width == b.width else { return 0 }
    var equal: Double = 0
    var (sum, squares, draws) = (0.0, 0.0, 0)
    for i in 0..<count {
      equal += Double(abs(a.cosine(i, b, i, channels: channels)))
      for shift in [1, 3, 7] where shift < count {
        let other = Double(abs(a.cosine(i, b, (i + shift) % count, channels: channels)))
        sum += other
        squares += other * other
        draws += 1
      }
    }
    let mean = sum / Double(draws)
    let variance = max(squares / Double(draws) - mean * mean, 0)
    guard variance > 0 else { return 0 }
    return pressed((equal / Double(count) - mean) / (variance * (1 / Double(count) + 1 / Double(draws))).squareRoot())
  }

  /// How far a gain follows the lengths of the columns of a matrix that may read what it scaled, in either direction: a gain that was
  /// traded with its readers follows them in reverse. 0 for a gain that is the same everywhere. O(width).
  static func gainBalance(_ gain: [Float], channelSquares: [Double]) -> Double {
    let count = min(gain.count, channelSquares.count)
    let r = correlation(
      logarithms(gain.prefix(count).map { Double($0) * Double($0) }), logarithms(Array(channelSquares.prefix(count))))
    return r == 0 ? 0 : pressed((abs(r) * Double(count).squareRoot() - 0.798) / 0.603)
  }

  /// How far a matrix's neurons lean to one side: the length of the sum of their directions, against sums with random signs.
  ///
  /// A gate has no freedom of sign, and what switches most neurons off is a direction that its rows share. The rows of `up` have that
  /// freedom (the column of `down` takes the sign back), so that nothing can make them share one. O(neurons · width).
  static func lean(_ a: NeuronSample) -> Double {
    guard a.count >= 8 else { return 0 }
    var random = SignSource()
    let draws = 16
    var sums = [Float](repeating: 0, count: (draws + 1) * a.width)
    for i in 0..<a.count {
      var signs = random.next()
      for draw in 0...draws {
        let sign: Float = draw == 0 || signs & 1 == 0 ? 1 : -1
        signs >>= 1
        for j in 0..<a.width { sums[draw * a.width + j] += sign * a.values[i * a.width + j] }
      }
    }
    let lengths = (0...draws).map { draw in
      (0..<a.width).reduce(0.0) { $0 + Double(sums[draw * a.width + $1]) * Double(sums[draw * a.width + $1]) }
    }
    let mean = lengths.dropFirst().reduce(0, +) / Double(draws)
    let variance = lengths.dropFirst().reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws - 1)
    return variance > 0 ? pressed((lengths[0] - mean) / variance.squareRoot()) : 0
  }

  /// Natural logarithms; of zero, that of the least normal number.
  static func logarithms(_ values: [Double]) -> [Double] { values.map { Double.log(max($0, .leastNormalMagnitude)) } }

  /// Pearson's correlation; 0 where one side does not vary.
  static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let count = min(a.count, b.count)
    guard count >= 8 else { return 0 }
    let (meanA, meanB) = (a.prefix(count).reduce(0, +) / Double(count), b.prefix(count).reduce(0, +) / Double(count))
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for i in 0..<count {
      let (x, y) = (a[i] - meanA, b[i] - meanB)
      ab += x * y
      aa += x * x
      bb += y * y
    }
    let scale = (aa * bb).squareRoot()
    // Rounding alone is no variation: a gain that was folded away is one in every place.
    return scale > 1e-9 * Double(count) ? ab / scale : 0
  }
}
