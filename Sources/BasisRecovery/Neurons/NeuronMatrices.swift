package import ModelAnatomy
package import WeightSimilarity

/// The matrices of one MLP, or of one expert, which hold its neurons, and the gain that is folded into them.
///
/// `up` and `gate` have one row per neuron and one column per residual channel; in `down` it is the other way round. A plain MLP
/// (one matrix in, an activation, one out) has its first matrix as `up` and no gate.
package struct NeuronMatrices: Sendable {
  /// The layer's number.
  package var layer: Int
  /// The expert in the layer, where there are several.
  package var expert: Int?
  /// The roles of the matrices.
  package var roles: NeuronRoles
  /// The gate, neurons × width; nil for a plain MLP.
  package var gate: MatrixRows?
  /// From the residual stream, neurons × width.
  package var up: MatrixRows
  /// Back to the residual stream, width × neurons.
  package var down: MatrixRows
  /// The gain of the norm that gate and up read, one number per channel. An offset is added if the family stores one.
  package var gain: [Float]?
  /// Whether that norm subtracts the mean of the channels (LayerNorm). If so, the model computes the same when each row of gate
  /// and up, and each column of down, has its mean subtracted.
  package var isCentred: Bool

  /// Number of neurons.
  package var neurons: Int { up.rows }
  /// Width of the residual stream.
  package var width: Int { up.columns }

  /// These matrices without the gate, to be compared with a model that has none.
  package var plain: NeuronMatrices {
    var matrices = self
    matrices.gate = nil
    return matrices
  }

  /// The matrices of one MLP; their sides must fit each other.
  package init(
    layer: Int, expert: Int? = nil, roles: NeuronRoles = .mlp, gate: MatrixRows? = nil, up: MatrixRows, down: MatrixRows,
    gain: [Float]? = nil, isCentred: Bool = false
  ) {
    precondition(
      down.rows == up.columns && down.columns == up.rows,
      "an MLP of \(up.rows) × \(up.columns) and \(down.rows) × \(down.columns)")
    precondition(gate.map { $0.rows == up.rows && $0.columns == up.columns } ?? true, "gate and up have one shape")
    precondition(gain.map { $0.count == up.columns } ?? true, "a gain has a number a channel")
    self.layer = layer
    self.expert = expert
    self.roles = roles
    self.gate = gate
    self.up = up
    self.down = down
    self.gain = gain
    self.isCentred = isCentred
  }
}
