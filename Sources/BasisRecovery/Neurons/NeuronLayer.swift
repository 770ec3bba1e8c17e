import LinearAlgebra

/// The neurons of one MLP as unit vectors in the residual stream's basis.
///
/// ```swift
/// let layer = NeuronLayer(matrices, most: 1_024)
/// layer.up.rows          // 1024
/// layer.indices[0]       // 4711: which neuron of the model its first row is
/// ```
///
/// Rows of gate and up have the norm's gain folded in, column by column; down's are its columns. With more than `most`
/// neurons those of the largest norm product ‖up‖·‖down‖(·‖gate‖) are kept, in the model's order: a choice that no change of
/// basis, no order of neurons and no trade of scales between up and down alters.
struct NeuronLayer: Sendable {
  /// The layer's number, and the expert's where there are several.
  var layer: Int
  var expert: Int?
  /// A neuron's rows, each of unit length; zero where the model's is, or has a number that is not finite.
  var gate: Matrix?
  var up: Matrix
  var down: Matrix
  /// The neuron of the model behind each row.
  var indices: [Int]
  /// The lengths that were divided out, gains folded.
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
      layer: layer, expert: expert, gate: gate?.taking(chosen), up: up.taking(chosen), down: down.taking(chosen),
      indices: chosen.map { indices[$0] },
      upNorms: chosen.map { upNorms[$0] }, downNorms: chosen.map { downNorms[$0] },
      gateNorms: gateNorms.map { norms in chosen.map { norms[$0] } })
  }
}
