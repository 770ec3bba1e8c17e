import TestKit
import Testing

@testable import Commands

/// Models with plain MLPs and LayerNorms, of random weights, in the layouts of GPT-2 and GPT-NeoX.
@Suite("Masks of GPT-2 and NeoX") struct PlainModelMaskTests {
  private static let (width, neurons, tokens, layers) = (32, 96, 48, 2)

  private struct Layout: Sendable {
    var isGPT2: Bool
    func name(_ layer: Int, _ rest: String) -> String { (isGPT2 ? "h.\(layer)." : "gpt_neox.layers.\(layer).") + rest }
  }

  /// A name, its rows and columns (no rows: a vector), and which of its sides are channels and which neurons.
  private struct Part {
    var name: String
    var shape: [Int]
    var channels: Side?
    var neurons: Side?
    var layer: Int?
    enum Side { case rows, columns }
  }

  private static func parts(_ layout: Layout) -> [Part] {
    let (w, n) = (width, neurons)
    var parts: [Part] = []
    func norm(_ name: String, _ layer: Int? = nil) {
      for end in [".weight", ".bias"] { parts.append(Part(name: name + end, shape: [w], channels: .columns, layer: layer)) }
    }
    for layer in 0..<layers {
      func name(_ rest: String) -> String { layout.name(layer, rest) }
      func add(_ rest: String, _ shape: [Int], _ channels: Part.Side?, _ neurons: Part.Side? = nil) {
        parts.append(Part(name: name(rest), shape: shape, channels: channels, neurons: neurons, layer: layer))
      }
      if layout.isGPT2 {
        norm(name("ln_1"), layer)
        norm(name("ln_2"), layer)
        add("attn.c_attn.weight", [w, 3 * w], .rows)
        add("attn.c_attn.bias", [3 * w], nil)
        add("attn.c_proj.weight", [w, w], .columns)
        add("attn.c_proj.bias", [w], .columns)
        add("mlp.c_fc.weight", [w, n], .rows, .columns)
        add("mlp.c_fc.bias", [n], nil, .columns)
        add("mlp.c_proj.weight", [n, w], .columns, .rows)
        add("mlp.c_proj.bias", [w], .columns)
      } else {
        norm(name("input_layernorm"), layer)
        norm(name("post_attention_layernorm"), layer)
        add("attention.query_key_value.weight", [3 * w, w], .columns)
        add("attention.query_key_value.bias", [3 * w], nil)
        add("attention.dense.weight", [w, w], .rows)
        add("attention.dense.bias", [w], .columns)
        add("mlp.dense_h_to_4h.weight", [n, w], .columns, .rows)
        add("mlp.dense_h_to_4h.bias", [n], nil, .columns)
        add("mlp.dense_4h_to_h.weight", [w, n], .rows, .columns)
        add("mlp.dense_4h_to_h.bias", [w], .columns)
      }
    }
    if layout.isGPT2 {
      norm("ln_f")
      parts.append(Part(name: "wte.weight", shape: [tokens, w], channels: .columns))
      parts.append(Part(name: "wpe.weight", shape: [16, w], channels: .columns))
    } else {
      norm("gpt_neox.final_layer_norm")
      parts.append(Part(name: "gpt_neox.embed_in.weight", shape: [tokens, w], channels: .columns))
      parts.append(Part(name: "embed_out.weight", shape: [tokens, w], channels: .columns))
    }
    return parts
  }

  @Test("neurons and channels in another order, and some tuning, are seen through", arguments: [true, false])
  func permuted(isGPT2: Bool) throws {
    var random = SeededGenerator(51)
    let parts = Self.parts(Layout(isGPT2: isGPT2))
    let order = Array(0..<Self.width).shuffled(using: &random)
    let orders = (0..<Self.layers).map { _ in Array(0..<Self.neurons).shuffled(using: &random) }
    var (foundation, candidate) = (MaskedWeights(), MaskedWeights())
    for part in parts {
      let count = part.shape.reduce(1, *)
      let isGain = part.shape.count == 1 && part.name.hasSuffix(".weight")
      let plain = MaskedWeights.Tensor(
        shape: part.shape, values: (0..<count).map { _ in isGain ? 1 + 0.3 * Float(random.normal()) : Float(random.normal()) })
      var masked = plain
      for i in masked.values.indices where part.shape.count == 2 { masked.values[i] += 0.1 * Float(random.normal()) }
      func move(_ side: Part.Side?, _ order: [Int]) {
        switch side {
        case .rows: masked = masked.takingRows(order)
        case .columns: masked = masked.takingColumns(order)
        case nil: break
        }
      }
      move(part.channels, order)
      if let layer = part.layer { move(part.neurons, orders[layer]) }
      foundation.tensors[part.name] = plain
      candidate.tensors[part.name] = masked
    }
    let folder = TemporaryFolder()
    let run = Run("compare", try candidate.write(to: folder), try foundation.write(to: folder), "--format", "json")
    #expect(run.relation == "derived", "\(random)")
    #expect(run.verdict["rewrites"] as? [String] == ["residual channels permuted", "neurons permuted"], "\(random)")
    #expect(run.verdict["aligned_cosine"] as? Double ?? 0 > 0.99, "\(random)")
  }
}
