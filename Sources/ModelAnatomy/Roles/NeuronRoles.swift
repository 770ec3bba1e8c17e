/// The roles of the matrices that hold the neurons of a layer: neuron i is row i of `up` and of `gate`, and column i of `down`.
///
/// ```swift
/// NeuronRoles.inLayer([.qProj, .gateProj, .upProj, .downProj])   // [NeuronRoles.mlp]
/// NeuronRoles.stateSpace.gate                                    // ssm.in_proj.z
/// ```
///
/// Besides MLPs, the channels of a state space are neurons: no rewrite that keeps the function can mix them, because a convolution and a
/// recurrence work on each channel alone (Gu and Dao, Mamba, 2023). So are the value channels of gated linear attention, inside each
/// head: their gate works on each channel alone.
package struct NeuronRoles: Sendable, Equatable {
  /// `[neurons, width]`; nil for layers of two matrices.
  package let gate: Role?
  /// The factors of a gate that may be stored as a product instead, `[neurons, rank]` and `[rank, width]`; else empty.
  package let gateFactors: [Role]
  /// `[neurons, width]`.
  package let up: Role
  /// `[width, neurons]`.
  package let down: Role

  init(gate: Role?, gateFactors: [Role] = [], up: Role, down: Role) {
    (self.gate, self.gateFactors, self.up, self.down) = (gate, gateFactors, up, down)
  }

  /// The roles of an MLP, dense or of experts, and of RWKV's channel mix.
  package static let mlp = NeuronRoles(gate: .gateProj, up: .upProj, down: .downProj)
  /// The roles of the MLPs of an encoder and of a decoder that share their layers' numbers (T5, BART, Whisper).
  package static let sides = ["encoder", "decoder"].map { side in
    let role = { (role: Role) in Role(name: side + "." + role.name) }
    return NeuronRoles(gate: role(.gateProj), up: role(.upProj), down: role(.downProj))
  }
  /// The roles of a layer's channels in Mamba and Mamba 2: the stream, its gate, and the output.
  package static let stateSpace = NeuronRoles(
    gate: Role(name: "ssm.in_proj.z"), up: Role(name: "ssm.in_proj.x"), down: Role(name: "ssm.out_proj"))
  /// The roles of a layer's value channels in gated delta nets (Qwen3-Next): values, their gate, and the output.
  package static let linearAttention = NeuronRoles(
    gate: Role(name: "linear_attn.z_proj"), up: Role(name: "linear_attn.v_proj"), down: Role(name: "linear_attn.o_proj"))
  /// The same where values and output have the roles of attention: Kimi's delta attention, whose gate may be two factors, and Ling's
  /// linear attention.
  package static let gatedValues = NeuronRoles(
    gate: Role(name: "linear_attn.z_proj"),
    gateFactors: [Role(name: "linear_attn.g_b_proj"), Role(name: "linear_attn.g_a_proj")], up: .vProj, down: .oProj)
  /// The roles of a layer's value channels in the time mix of RWKV 5 and 6.
  package static let timeMix = NeuronRoles(gate: Role(name: "rwkv.gate_proj"), up: .vProj, down: .oProj)

  /// All kinds.
  package static let kinds = [mlp] + sides + [stateSpace, linearAttention, gatedValues, timeMix]

  /// Whether these are the roles of an MLP, which may have no gate.
  package var isMLP: Bool { self == .mlp || Self.sides.contains(self) }

  /// The kinds of neurons in a layer with weights of these roles. A mixer without its gate is none: two matrices alone would take the
  /// gates of the MLPs out of the test. O(1).
  package static func inLayer(_ roles: Set<Role>) -> [NeuronRoles] {
    kinds.filter { kind in
      roles.contains(kind.up) && roles.contains(kind.down) && (kind.isMLP || kind.hasGate(in: roles))
    }
  }

  private func hasGate(in roles: Set<Role>) -> Bool {
    gate.map(roles.contains) ?? true || (!gateFactors.isEmpty && gateFactors.allSatisfy(roles.contains))
  }

  /// Whether `role` is one of the matrices with one row or column per neuron in the residual stream.
  package func contains(_ role: Role) -> Bool { role == up || role == down || role == gate }

  /// Whether a test of these neurons reads a weight of this role: one of the matrices, or a factor of the gate.
  package func covers(_ role: Role) -> Bool { contains(role) || gateFactors.contains(role) }
}

extension Anatomy {
  /// The kinds of neurons of each layer that has some. O(weights).
  package var neuronRoles: [Int: [NeuronRoles]] {
    let byLayer = Dictionary(grouping: weights.lazy.filter { $0.layer != nil }) { $0.layer ?? 0 }
    return byLayer.mapValues { NeuronRoles.inLayer(Set($0.map(\.role))) }
  }
}
