/// The roles of the matrices that hold the neurons of a layer: neuron i is row i of `up` and of `gate`, and column i of `down`.
///
/// ```swift
/// NeuronRoles.inLayer([.qProj, .gateProj, .upProj, .downProj])?.up   // up_proj
/// NeuronRoles.stateSpace.gate      // ssm.in_proj.z
/// ```
///
/// Besides MLPs, the channels of a state space are neurons: no rewrite that keeps the function can mix them, because a convolution and a
/// recurrence work on each channel alone (Gu and Dao, Mamba, 2023).
package struct NeuronRoles: Sendable, Equatable {
  /// `[neurons, width]`; nil for layers of two matrices.
  package let gate: Role?
  /// `[neurons, width]`.
  package let up: Role
  /// `[width, neurons]`.
  package let down: Role

  /// The roles of an MLP, dense or of experts.
  package static let mlp = NeuronRoles(gate: .gateProj, up: .upProj, down: .downProj)
  /// The roles of a layer's channels in Mamba and Mamba 2: the stream, its gate, and the output.
  package static let stateSpace = NeuronRoles(
    gate: Role(name: "ssm.in_proj.z"), up: Role(name: "ssm.in_proj.x"), down: Role(name: "ssm.out_proj"))
  /// All kinds. Of a layer with both, the MLP is read.
  package static let kinds = [mlp, stateSpace]

  /// The kind of neurons in a layer with weights of these roles; nil for a layer without neurons. O(1).
  package static func inLayer(_ roles: Set<Role>) -> NeuronRoles? {
    kinds.first { roles.contains($0.up) && roles.contains($0.down) }
  }

  /// Whether `role` is one of these.
  package func contains(_ role: Role) -> Bool { role == up || role == down || role == gate }
}

extension Anatomy {
  /// The kind of neurons of each layer that has some. O(weights).
  package var neuronRoles: [Int: NeuronRoles] {
    let byLayer = Dictionary(grouping: weights.lazy.filter { $0.layer != nil }) { $0.layer ?? 0 }
    return byLayer.compactMapValues { NeuronRoles.inLayer(Set($0.map(\.role))) }
  }
}
