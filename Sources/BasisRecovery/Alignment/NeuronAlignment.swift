import LinearAlgebra
import ModelAnatomy

/// The neurons of one MLP or expert of the candidate, each with its partner in the foundation.
struct NeuronAlignment: Sendable {
  struct Neuron: Sendable {
    var candidate: Int
    var foundation: Int
    /// −1 if up and down have the opposite sign, else 1.
    var sign: Float
    /// √(r_up / r_down) for the ratios r of the candidate's length to the foundation's: the scale that up gained and down lost,
    /// if scales were traded.
    var scale: Float
  }

  var layer: Int
  var expert: Int?
  /// The roles of the candidate's matrices.
  var roles: NeuronRoles
  var originLayer: Int
  var originExpert: Int?
  /// Sorted by index in the foundation. All neurons of the smaller MLP if both were read completely; otherwise those that agree.
  var neurons: [Neuron]

  /// The neurons of `unit`, which is the candidate's unit at `index` and has an origin. Neurons on which gate, up and down agree
  /// keep that partner. If all neurons of both MLPs were read, each other neuron gets the likeliest partner that is left. Cost: a
  /// product of the neurons that are left.
  ///
  /// `counts`: the numbers of neurons of the two MLPs.
  init(
    _ unit: BasisMatch.Unit, origin: Int, at index: Int, in recovery: BasisRecovery,
    neurons counts: (candidate: Int, foundation: Int), _ coordinates: SharedCoordinates
  ) {
    (layer, expert) = (unit.layer, unit.expert)
    let (candidate, foundation) = (recovery.candidate[index], recovery.foundation[origin])
    roles = candidate.roles
    (originLayer, originExpert) = (foundation.layer, foundation.expert)
    neurons = unit.neurons.map {
      Neuron(
        candidate: $0.candidate, foundation: $0.foundation, sign: Float($0.sign),
        scale: Self.scale(up: $0.upRatio, down: $0.downRatio))
    }
    if candidate.neurons == counts.candidate, foundation.neurons == counts.foundation {
      neurons += Self.others(candidate, foundation, neurons, coordinates)
    }
    neurons.sort { $0.foundation < $1.foundation }
  }

  private static func scale(up: Double?, down: Double?) -> Float {
    guard let up, let down else { return 1 }
    return Float((up / down).squareRoot())
  }

  /// The neurons that are not `known`, each with its likeliest partner.
  private static func others(
    _ candidate: NeuronLayer, _ foundation: NeuronLayer, _ known: [Neuron], _ coordinates: SharedCoordinates
  ) -> [Neuron] {
    let (rows, columns) = (Set(known.map(\.candidate)), Set(known.map(\.foundation)))
    let left = (0..<candidate.neurons).filter { !rows.contains($0) }
    let open = (0..<foundation.neurons).filter { !columns.contains($0) }
    guard !left.isEmpty, !open.isEmpty else { return [] }
    let candidateRows = projected(candidate.taking(left), coordinates.candidate)
    let foundationRows = projected(foundation.taking(open), coordinates.foundation)
    let cosines = candidateRows.cosines(with: foundationRows)
    let found = MutualMatches(exhausting: candidateRows.total(cosines)).partner
    return found.enumerated().filter { $1 >= 0 }.map { i, j in
      let (row, partner) = (left[i], open[j])
      let isNegated = candidateRows.isUnsigned(1) && cosines[1][i, j] < 0
      func ratio(_ x: Double, _ y: Double) -> Double? { x > 0 && y > 0 ? x / y : nil }
      return Neuron(
        candidate: row, foundation: partner, sign: isNegated ? -1 : 1,
        scale: scale(
          up: ratio(candidate.upNorms[row], foundation.upNorms[partner]),
          down: ratio(candidate.downNorms[row], foundation.downNorms[partner])))
    }
  }

  /// The neurons' rows in shared coordinates, of unit length.
  private static func projected(_ layer: NeuronLayer, _ projection: SharedCoordinates.Projection) -> NeuronRows {
    NeuronRows(
      matrices: NeuronRows(layer, isGated: layer.gate != nil).matrices.map {
        var rows = projection($0)
        rows.normaliseRows()
        return rows
      })
  }
}
