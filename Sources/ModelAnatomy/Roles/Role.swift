import TensorFiles

/// The function of a tensor in its model: the query projection of attention, the down projection of an MLP, a gain, a table.
///
/// ```swift
/// Role.qProj.name                                // "q_proj"
/// Role(name: "attention.self.query").isKnown     // false: taken from a name that no table knows
/// Role.qProj < Role.downProj                     // true: the order of the data's way through a layer
/// ```
///
/// Two tensors are compared when they have the same role in the same layer. For known names the roles are canonical. Otherwise
/// the role is the tensor's name without the stack and the layer number. That is enough to compare two models that use the same
/// names.
///
/// Besides the constants below, the table of architectures gives these roles: `….bias` for the bias of a matrix or norm;
/// `attention_output_norm` and `mlp_output_norm` for norms after attention and MLP, `attention_norm`, `mlp_norm` where their
/// position differs between models; `shared_expert.gate_proj` and the like, `shared_expert_gate`, `router.score_correction`;
/// latent attention `q_a_proj`, `q_a_norm`, `q_b_proj.nope`, `q_b_proj.rope`, `kv_a_proj.latent`, `kv_a_proj.rope`, `kv_a_norm`,
/// `kv_b_proj.k`, `kv_b_proj.v`; `q_gate_proj`; `linear_attn.…`, `ssm.…` (`ssm.in_proj.x`), `conv.…`, `recurrent.…`, `rwkv.…`;
/// `sinks`; `embed_positions`, `embed_token_types`, `embed_norm`, `embed_patches`, `embed_project_in`, …; `mlm_transform`,
/// `mlm_norm`, `classifier`, `pooler`; `encoder.…` and `decoder.…` before all of these, `decoder.cross_q_proj`; and for stacks
/// beside the main one `vision.layers.3.q_proj`, `mtp.0.q_proj`, `projector.…`.
package struct Role: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The role's name in every output, such as `q_proj`.
  package let name: String

  /// The role of this name, canonical or not.
  package init(name: String) { self.name = name }

  /// The input embedding: a table with one row per token.
  package static let embedTokens = Role(name: "embed_tokens")
  /// The output head: a table with one row per token.
  package static let lmHead = Role(name: "lm_head")
  /// Gain of the norm after the last layer.
  package static let finalNorm = Role(name: "final_norm")
  /// Gain of the norm before attention.
  package static let inputNorm = Role(name: "input_norm")
  /// Queries from the residual stream.
  package static let qProj = Role(name: "q_proj")
  /// Keys from the residual stream.
  package static let kProj = Role(name: "k_proj")
  /// Values from the residual stream.
  package static let vProj = Role(name: "v_proj")
  /// From the heads back to the residual stream.
  package static let oProj = Role(name: "o_proj")
  /// Gain of the norm of queries.
  package static let qNorm = Role(name: "q_norm")
  /// Gain of the norm of keys.
  package static let kNorm = Role(name: "k_norm")
  /// Gain of the norm before the MLP.
  package static let postAttentionNorm = Role(name: "post_attention_norm")
  /// Scores of the experts.
  package static let router = Role(name: "router")
  /// The gate of a gated MLP.
  package static let gateProj = Role(name: "gate_proj")
  /// From the residual stream to the neurons.
  package static let upProj = Role(name: "up_proj")
  /// From the neurons back to the residual stream.
  package static let downProj = Role(name: "down_proj")

  /// The canonical roles in the order of the data flow through a model.
  private static let order: [String: Int] = {
    let names = [
      "embed_tokens", "input_norm", "q_proj", "q_proj.bias", "k_proj", "k_proj.bias", "v_proj", "v_proj.bias", "q_norm", "k_norm",
      "o_proj", "o_proj.bias", "attention_output_norm", "post_attention_norm", "pre_feedforward_norm", "router", "gate_proj",
      "gate_proj.bias", "up_proj",
      "up_proj.bias", "down_proj", "down_proj.bias", "mlp_output_norm", "post_feedforward_norm", "final_norm", "lm_head",
    ]
    return Dictionary(uniqueKeysWithValues: zip(names, 0...))
  }()

  /// True for a role of a known naming.
  package var isKnown: Bool { Self.order[name] != nil }

  /// True for tables with one row per token. All models with one tokenizer share the row order, so it proves nothing, and two
  /// models may have different numbers of rows.
  package var isTokenTable: Bool { self == .embedTokens || self == .lmHead }

  /// True when the order of the rows has the same meaning in every model: tokens, positions, distances, experts. That rows with
  /// equal indices are similar in such tables proves nothing.
  package var hasMeaningfulRowOrder: Bool {
    isTokenTable || self == .router || (!isKnown && Self.orderedTables.contains { name.contains($0) })
  }

  /// Whether it is the gain of a norm, not its bias.
  var isNormGain: Bool { (name.hasSuffix("norm") || name.hasSuffix("_norm.%")) && !name.hasSuffix(".bias") }

  private static let orderedTables = [
    "position", "token_type", "relative_attention_bias", "rel_embeddings", "wpe", "wte", "word_embeddings", "embed_tokens",
    "tok_embeddings",
    "embed_in", "embed_out", "lm_head",
  ]

  /// The name.
  package var description: String { name }

  /// `roles` in the order of `sorted()`, but each rank is looked up only once.
  static func sorted(_ roles: Set<Role>) -> [Role] {
    let known = roles.compactMap { role in order[role.name].map { (rank: $0, role: role) } }.sorted { $0.rank < $1.rank }
    let others = roles.compactMap { $0.isKnown ? nil : TensorName($0.name) }.sorted()
    return known.map(\.role) + others.map { Role(name: $0.string) }
  }

  /// Known roles first, in the order of the data flow; then the others, by name.
  package static func < (a: Role, b: Role) -> Bool {
    switch (order[a.name], order[b.name]) {
    case (let x?, let y?): x < y
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }
  }
}
