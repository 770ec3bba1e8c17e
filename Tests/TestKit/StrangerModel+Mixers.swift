/// Layers whose attention is a recurrence, as far as their matrices go.
extension StrangerModel {
  /// Channels of a head.
  static let head = 16

  /// A gated delta net with separate projections (OLMo hybrid's names), whose values are twice as wide, and a gated MLP.
  mutating func addDeltaNet(_ start: String, _ random: inout SeededGenerator) {
    let (width, values) = (frame.width, 2 * frame.width)
    let heads = width / Self.head
    addGain(start + "attention_layer_norm.weight", width, &random)
    for (name, rows, use) in [
      ("q", width, Use.mixer), ("k", width, .mixer), ("v", values, .mlp), ("g", values, .mlp), ("a", heads, .mixer),
      ("b", heads, .mixer),
    ] {
      add(start + "linear_attn.\(name)_proj.weight", [rows, width], use, &random)
    }
    add(start + "linear_attn.o_proj.weight", [width, values], .mlp, isOutput: true, &random)
    for (name, rows) in [("q", width), ("k", width), ("v", values)] {
      add(start + "linear_attn.\(name)_conv1d.weight", [rows, 1, 4], .mixer, &random)
    }
    addGain(start + "linear_attn.o_norm.weight", values / heads, &random)
    addDecay(start + "linear_attn.", heads: heads, steps: heads)
    addGain(start + "feedforward_layer_norm.weight", width, &random)
    addMLP(start, &random)
  }

  /// Kimi's delta attention, with a gate and a decay in two factors each, and a gated MLP.
  mutating func addKimi(_ start: String, _ random: inout SeededGenerator) {
    let (width, rank) = (frame.width, 12)
    addGain(start + "input_layernorm.weight", width, &random)
    for name in ["q", "k", "v"] {
      add(start + "self_attn.\(name)_proj.weight", [width, width], .attention, &random)
      add(start + "self_attn.\(name)_conv1d.weight", [width, 1, 4], .mixer, &random)
    }
    for (name, use) in [("f", Use.mixer), ("g", .mlp)] {
      add(start + "self_attn.\(name)_a_proj.weight", [rank, width], use, &random)
      add(start + "self_attn.\(name)_b_proj.weight", [width, rank], use, &random)
    }
    add(start + "self_attn.b_proj.weight", [width / Self.head, width], .mixer, &random)
    add(start + "self_attn.o_proj.weight", [width, width], .attention, isOutput: true, &random)
    addGain(start + "self_attn.o_norm.weight", Self.head, &random)
    addDecay(start + "self_attn.", heads: width / Self.head, steps: width)
    addGain(start + "post_attention_layernorm.weight", width, &random)
    addMLP(start, &random)
  }

  /// The time mix of RWKV 6 with its gate, and a channel mix.
  mutating func addRWKV(_ start: String, _ random: inout SeededGenerator) {
    let (width, neurons) = (frame.width, frame.neurons)
    for norm in ["ln1", "ln2", "att.ln_x"] {
      addGain(start + norm + ".weight", width, &random)
      addGain(start + norm + ".bias", width, around: 0, &random)
    }
    for name in ["receptance", "key", "value"] { add(start + "att.\(name).weight", [width, width], .attention, &random) }
    add(start + "att.gate.weight", [width, width], .mlp, &random)
    add(start + "att.output.weight", [width, width], .attention, isOutput: true, &random)
    for name in ["att.time_maa_x", "att.time_maa_k", "att.time_maa_v", "att.time_maa_r", "ffn.time_maa_k", "ffn.time_maa_r"] {
      addGain(start + name, width, around: 0.5, &random)
    }
    let ramp = (0..<width).map { Float(5 * $0) / Float(width) - 6 }
    tensors.append((start + "att.time_decay", [width], ramp, .other))
    add(start + "ffn.key.weight", [neurons, width], .mlp, &random)
    add(start + "ffn.value.weight", [width, neurons], .mlp, isOutput: true, &random)
    add(start + "ffn.receptance.weight", [width, width], .mixer, &random)
  }

  /// The decay of a recurrence as it is initialised: equal in all models.
  private mutating func addDecay(_ start: String, heads: Int, steps: Int) {
    tensors.append((start + "A_log", [heads], (0..<heads).map { Float($0 + 1) / 4 }, .other))
    tensors.append((start + "dt_bias", [steps], (0..<steps).map { Float($0 % 16) / 4 - 6 }, .other))
  }
}
