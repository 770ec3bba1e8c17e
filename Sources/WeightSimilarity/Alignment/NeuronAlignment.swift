import LinearAlgebra

/// The neurons of one MLP or expert of the candidate, each beside the foundation's that it is.
struct NeuronAlignment: Sendable {
  struct Neuron: Sendable {
    var candidate: Int
    var foundation: Int
    /// −1 where up and down have the other sign.
    var sign: Float
    /// ‖candidate‖ / ‖foundation‖ of up over that of down, its root: what went from down to up if scales were traded.
    var scale: Float
  }

  var layer: Int
  var expert: Int?
  var originLayer: Int
  var originExpert: Int?
  /// By the foundation's number: all that the smaller of both has, or of those that were read the ones that agree.
  var neurons: [Neuron]

  /// The neurons of `unit`, which has an origin. Those that agree keep the partner on which gate, up and down agree; if all neurons of both
  /// were read, the others get the likeliest of what is left. Cost: a product of the neurons left over.
  ///
  /// `neurons`: how many the two MLPs have.
  init(
    _ unit: BasisMatch.Unit, origin: Int, at place: Int, in recovery: BasisRecovery, neurons counts: (Int, Int),
    _ coordinates: SharedCoordinates
  ) {
    (layer, expert) = (unit.layer, unit.expert)
    let (b, a) = (recovery.candidate[place], recovery.foundation[origin])
    (originLayer, originExpert) = (a.layer, a.expert)
    neurons = unit.neurons.map {
      Neuron(
        candidate: $0.candidate, foundation: $0.foundation, sign: Float($0.sign),
        scale: Self.scale(up: $0.upRatio, down: $0.downRatio))
    }
    if b.neurons == counts.0, a.neurons == counts.1 {
      neurons += Self.others(b, a, neurons, coordinates)
    }
    neurons.sort { $0.foundation < $1.foundation }
  }

  private static func scale(up: Double?, down: Double?) -> Float {
    guard let up, let down else { return 1 }
    return Float((up / down).squareRoot())
  }

  private static func others(_ b: NeuronLayer, _ a: NeuronLayer, _ known: [Neuron], _ coordinates: SharedCoordinates) -> [Neuron]
  {
    let (rows, columns) = (Set(known.map(\.candidate)), Set(known.map(\.foundation)))
    let left = (0..<b.neurons).filter { !rows.contains($0) }
    let open = (0..<a.neurons).filter { !columns.contains($0) }
    guard !left.isEmpty, !open.isEmpty else { return [] }
    func turned(_ layer: NeuronLayer, _ chosen: [Int], _ turn: SharedCoordinates.Turn) -> NeuronRows {
      let part = layer.taking(chosen)
      return NeuronRows(
        matrices: NeuronRows(part, isGated: part.gate != nil).matrices.map {
          var rows = turn($0)
          rows.normaliseRows()
          return rows
        })
    }
    let (x, y) = (turned(b, left, coordinates.candidate), turned(a, open, coordinates.foundation))
    let cosines = x.cosines(with: y)
    let found = MutualMatches(exhausting: x.total(cosines)).partner
    return found.enumerated().filter { $1 >= 0 }.map { i, j in
      let (row, partner) = (left[i], open[j])
      let isTurned = x.isUnsigned(1) && cosines[1][i, j] < 0
      func ratio(_ p: Double, _ q: Double) -> Double? { p > 0 && q > 0 ? p / q : nil }
      return Neuron(
        candidate: row, foundation: partner, sign: isTurned ? -1 : 1,
        scale: scale(up: ratio(b.upNorms[row], a.upNorms[partner]), down: ratio(b.downNorms[row], a.downNorms[partner])))
    }
  }
}
