import RealModule

/// Properties that two related matrices of one layer share, and that matrices of different layers or of other roles do not share.
///
/// Every figure is in standard deviations of the null distribution, of unrelated matrices (mean 0, variance about 1). Large
/// figures are compressed (``pressed(_:)``), so that figures can be added and no single one decides.
///
/// **Balance.** Two consecutive matrices, and a gain before a matrix, are trained to equal lengths unit by unit: under gradient
/// flow W₁W₁ᵀ − W₂ᵀW₂ is conserved, and weight decay takes the difference to zero (Du, Hu, Lee, Algorithmic regularization in
/// learning deep homogeneous models, 2018). So the lengths of `up`'s rows correlate with those of `down`'s columns, those of
/// `v`'s rows with those of `o`'s columns, and those of `q` with those of `k`. Rotating the residual stream, reordering neurons and
/// rotating inside of heads do not change this; scales moved from one matrix to the other make the correlation negative.
///
/// **Angles.** A neuron reads and writes related directions: |cos| of its row and its column is larger than that of two different
/// neurons. The subspaces of a head's q and k, and of its v and o, overlap more than those of different heads.
enum MatrixAffinity {
  /// Nearly `z` if it is small, growing like its logarithm if it is large; an odd function.
  static func pressed(_ z: Double) -> Double { z.isFinite ? 4 * .asinh(z / 4) : 0 }

  /// How well the lengths of two matrices' neurons correlate, with either sign. O(neurons).
  static func neuronBalance(_ a: NeuronSample, _ b: NeuronSample) -> Double {
    let z = abs(correlation(logarithms(a.squares), logarithms(b.squares))) * Double(min(a.count, b.count)).squareRoot()
    // |z| of a standard normal number: mean √(2/π), variance 1 − 2/π.
    return pressed((z - 0.798) / 0.603)
  }

  /// How much |cos| of neurons of equal index exceeds that of neurons 1, 3 and 7 indices apart. O(neurons · width).
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

  /// How well a gain correlates with the lengths of the columns of a matrix that may read its output, with either sign: if scales
  /// were moved from the gain to its readers, the correlation is negative. 0 for a constant gain. O(width).
  static func gainBalance(_ gain: [Float], channelSquares: [Double]) -> Double {
    let count = min(gain.count, channelSquares.count)
    let r = correlation(
      logarithms(gain.prefix(count).map { Double($0) * Double($0) }), logarithms(Array(channelSquares.prefix(count))))
    return r == 0 ? 0 : pressed((abs(r) * Double(count).squareRoot() - 0.798) / 0.603)
  }

  /// How much a matrix's neurons share one direction: the length of the sum of their directions, against sums with random
  /// signs.
  ///
  /// The sign of a gate's rows is fixed, and a direction that its rows share switches most neurons off. The sign of the rows of
  /// `up` is free (the column of `down` compensates it), so that training cannot give them a common direction. O(neurons ·
  /// width).
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

  /// Natural logarithms; zero counts as the least normal number.
  static func logarithms(_ values: [Double]) -> [Double] { values.map { Double.log(max($0, .leastNormalMagnitude)) } }

  /// Pearson's correlation; 0 if one side is constant.
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
    // Rounding alone is not variation: a gain that was folded away is one at every index.
    return scale > 1e-9 * Double(count) ? ab / scale : 0
  }
}
