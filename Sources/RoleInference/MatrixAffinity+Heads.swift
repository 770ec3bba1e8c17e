extension MatrixAffinity {
  /// How well the lengths of the channels of heads correlate, with each head's mean subtracted: scales that were moved between
  /// the two matrices head by head have no effect. `a` has as many heads as `b` or a multiple; the heads of a group are added
  /// up. nil if heads of this size do not fit. O(channels).
  static func headBalance(_ a: NeuronSample, _ b: NeuronSample, heads: HeadLayout) -> Double? {
    guard let x = heads.centredLogarithms(a.squares, of: .query), let y = heads.centredLogarithms(b.squares, of: .key) else {
      return nil
    }
    let count = min(x.count, y.count)
    return pressed(correlation(Array(x.prefix(count)), Array(y.prefix(count))) * Double(count).squareRoot())
  }

  /// How much more the channels of heads of equal index overlap than those of different heads: mean cos² inside against outside.
  /// O(channels² · width), of at most 128 channels (but at least two heads) and 256 of the residual stream.
  static func headOverlap(_ a: NeuronSample, _ b: NeuronSample, heads: HeadLayout) -> Double {
    let size = heads.size
    let count = min(max(2, 128 / size), b.count / size, a.count / (size * heads.group))
    guard count >= 2, a.width == b.width else { return 0 }
    var (inside, outside, squares) = (0.0, 0.0, 0.0)
    for i in 0..<count * size {
      let row = i / size * size * heads.group + i % size
      for k in 0..<count * size {
        let cosine = Double(a.cosine(row, b, k, channels: 256))
        let square = cosine * cosine
        if i / size == k / size {
          inside += square
        } else {
          outside += square
          squares += square * square
        }
      }
    }
    let (own, other) = (Double(count * size * size), Double(count * (count - 1) * size * size))
    let mean = outside / other
    let variance = max(squares / other - mean * mean, 0)
    guard variance > 0 else { return 0 }
    return pressed((inside / own - mean) / (variance * (1 / own + 1 / other)).squareRoot())
  }
}

extension HeadLayout {
  /// The logarithms of squared lengths, with each head's mean subtracted; query heads of a group are added up first. nil if there
  /// is no whole head.
  fileprivate func centredLogarithms(_ squares: [Double], of kind: Kind) -> [Double]? {
    let step = kind == .query ? group : 1
    let heads = squares.count / (size * step)
    guard heads > 0 else { return nil }
    var values: [Double] = []
    for head in 0..<heads {
      let sums = (0..<size).map { i in (0..<step).reduce(0.0) { $0 + squares[(head * step + $1) * size + i] } }
      let logarithms = MatrixAffinity.logarithms(sums)
      let mean = logarithms.reduce(0, +) / Double(size)
      values += logarithms.map { $0 - mean }
    }
    return values
  }
}
