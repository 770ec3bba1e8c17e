import LinearAlgebra
import ModelAnatomy

/// The neurons of one MLP as unit vectors in the residual stream's basis.
///
/// ```swift
/// let layer = NeuronLayer(matrices, most: 1_024)
/// layer.up.rows          // 1024
/// layer.indices[0]       // 4711: the index in the model of the neuron in its first row
/// ```
///
/// Rows of gate and up have the norm's gain folded in, column by column; the rows of down are the columns of its matrix. If there
/// are more than `most` neurons, those with the largest norm product ‖up‖·‖down‖(·‖gate‖) are kept, in the model's order. This
/// choice does not depend on the basis, on the order of neurons, or on scales traded between up and down.
struct NeuronLayer: Sendable {
  /// The layer's number, and the expert's if there are several.
  var layer: Int
  var expert: Int?
  /// The roles of the matrices.
  var roles = NeuronRoles.mlp
  /// The rows of the neurons, each of unit length; zero if the model's row is zero or has a number that is not finite.
  var gate: Matrix?
  var up: Matrix
  var down: Matrix
  /// For each row, the index of its neuron in the model.
  var indices: [Int]
  /// The lengths that were divided out, with the gains folded in.
  var upNorms: [Double]
  var downNorms: [Double]
  var gateNorms: [Double]?

  var neurons: Int { up.rows }
  var width: Int { up.columns }

  /// The rows of the `most` neurons of largest norm product, ascending; ties go to the lower index.
  func largest(_ most: Int) -> [Int] {
    guard neurons > most else { return Array(0..<neurons) }
    let products = upNorms.indices.map { upNorms[$0] * downNorms[$0] * (gateNorms?[$0] ?? 1) }
    return (0..<neurons).sorted { (products[$0], $1) > (products[$1], $0) }.prefix(most).sorted()
  }

  /// The rows for some of the neurons, in this order.
  func taking(_ chosen: [Int]) -> NeuronLayer {
    NeuronLayer(
      layer: layer, expert: expert, roles: roles, gate: gate?.taking(chosen), up: up.taking(chosen), down: down.taking(chosen),
      indices: chosen.map { indices[$0] },
      upNorms: chosen.map { upNorms[$0] }, downNorms: chosen.map { downNorms[$0] },
      gateNorms: gateNorms.map { norms in chosen.map { norms[$0] } })
  }
}
