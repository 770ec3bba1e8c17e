/// Names and shapes of tensors, for tests of how models are read by them.
package enum NamedTensors {
  /// The tensors of a decoder in Llama's naming: width 8, 12 neurons, 2 heads of 4, one key-value head, 20 tokens.
  package static func llama(
    layers: Range<Int> = 0..<2, prefix: String = "model.", head: Bool = true, inside extra: [(name: String, shape: [Int])] = []
  ) -> [(name: String, shape: [Int])] {
    var tensors: [(name: String, shape: [Int])] = [(prefix + "embed_tokens.weight", [20, 8]), (prefix + "norm.weight", [8])]
    if head { tensors.append(("lm_head.weight", [20, 8])) }
    for layer in layers {
      let inside: [(name: String, shape: [Int])] = [
        ("input_layernorm.weight", [8]), ("post_attention_layernorm.weight", [8]), ("self_attn.q_proj.weight", [8, 8]),
        ("self_attn.k_proj.weight", [4, 8]), ("self_attn.v_proj.weight", [4, 8]), ("self_attn.o_proj.weight", [8, 8]),
        ("mlp.gate_proj.weight", [12, 8]), ("mlp.up_proj.weight", [12, 8]), ("mlp.down_proj.weight", [8, 12]),
      ]
      tensors += (inside + extra).map { ("\(prefix)layers.\(layer).\($0.name)", $0.shape) }
    }
    return tensors
  }
}
