import ElementTypes
import Foundation

/// A whole random model of a kind that has made a test of kinship err: it shares with another model of its frame what unrelated
/// models do share (shapes, initialisations, fixed tables, gains, a vision tower), and nothing else.
///
/// ```swift
/// var random = SeededGenerator(7)
/// let frame = StrangerModel.Frame(.mamba, .normal, &random)
/// let (a, b) = (StrangerModel(frame, &random), StrangerModel(frame, &random))
/// ```
package struct StrangerModel: Sendable {
  /// The layout of the model.
  package enum Kind: String, CaseIterable, Sendable {
    /// Llama's names: attention with fewer key–value heads, and a gated MLP.
    case llama
    /// GPT-2's names: fused and transposed matrices, biases, an MLP of two matrices.
    case gpt2
    /// Mamba's names: no attention and no MLP; `A_log` and `D` as they are initialised.
    case mamba
    /// Llama's layers and Mamba's in turn.
    case hybrid
    /// OLMo hybrid's names: gated delta nets and gated MLPs.
    case deltaNet
    /// Kimi Linear's names: delta attention whose gate is two factors, and gated MLPs.
    case kimi
    /// RWKV 6's names: time mix and channel mix.
    case rwkv
    /// Llama's names beside a vision tower of its own.
    case ownTower
    /// Llama's names beside the same vision tower in both models.
    case sharedTower
    /// Llama's names with the same sinusoidal positions, filters and rotation in both models.
    case fixedTables
    /// The tensors of a Llama under names that tell nothing.
    case unnamed
  }

  /// How matrices start, as far as that remains visible.
  package enum Start: String, CaseIterable, Sendable {
    /// Normal weights.
    case normal
    /// Square matrices near the identity.
    case identity
    /// Matrices that write the residual stream are zero.
    case zeroOutputs
    /// Every row has one value throughout, which is 1 in half of the rows.
    case constantRows
    /// Numbers near the smallest ones of their type.
    case tiny
    /// Normal weights, with the same gains in both models.
    case sharedGains
    /// A few input channels fifty times as large, the same ones in both models.
    case outliers
    /// Tables of cosines, and a little noise.
    case cosines
  }

  /// What the models of a pair share.
  package struct Frame: Sendable {
    /// The layout.
    package var kind: Kind
    /// The start of the matrices.
    package var start: Start
    var layers: Int
    var width: Int
    var neurons: Int
    var shared: SeededGenerator
    var channels: [Float]

    /// A frame of random sizes, where they are not given.
    package init(_ kind: Kind, _ start: Start, _ random: inout SeededGenerator, layers: Int? = nil, width: Int? = nil) {
      (self.kind, self.start) = (kind, start)
      self.layers = layers ?? 2 + Int(random.next() % 3)
      self.width = width ?? [32, 48, 64][Int(random.next() % 3)]
      neurons = [64, 96, 160][Int(random.next() % 3)]
      shared = SeededGenerator(random.next())
      channels = (0..<self.width).map { _ in random.uniform() < 0.05 ? 50 : 1 }
    }
  }

  /// The function of a tensor, as its writer knows it.
  package enum Use: Sendable {
    case tokens, attention, mlp, mixer, tower, other
  }

  /// The tensors in the order in which they are written.
  package internal(set) var tensors: [(name: String, shape: [Int], values: [Float], use: Use)] = []

  let frame: Frame

  /// Draws a model; nothing but the frame is shared with another one.
  package init(_ frame: Frame, _ random: inout SeededGenerator) {
    self.frame = frame
    let width = frame.width
    switch frame.kind {
    case .gpt2: addGPT2(&random)
    case .mamba:
      add("backbone.embeddings.weight", [256, width], .tokens, &random)
      for layer in 0..<frame.layers { addMixer("backbone.layers.\(layer).", &random) }
      addGain("backbone.norm_f.weight", width, &random)
    case .rwkv:
      add("emb.weight", [256, width], .tokens, &random)
      for norm in ["blocks.0.ln0", "ln_out"] {
        addGain(norm + ".weight", width, &random)
        addGain(norm + ".bias", width, around: 0, &random)
      }
      for layer in 0..<frame.layers { addRWKV("blocks.\(layer).", &random) }
      add("head.weight", [256, width], .tokens, &random)
    default:
      add("model.embed_tokens.weight", [256, width], .tokens, &random)
      for layer in 0..<frame.layers {
        let start = "model.layers.\(layer)."
        switch frame.kind {
        case .hybrid where layer % 2 == 1: addMixer(start, &random)
        case .deltaNet: addDeltaNet(start, &random)
        case .kimi: addKimi(start, &random)
        default: addLayer(start, &random)
        }
      }
      addGain("model.norm.weight", width, &random)
      add("lm_head.weight", [256, width], .tokens, &random)
    }
    if frame.kind == .ownTower { addTower(&random) }
    var shared = frame.shared
    if frame.kind == .sharedTower { addTower(&shared) }
    if frame.kind == .fixedTables { addTables(&shared) }
    if frame.kind == .unnamed {
      for i in tensors.indices { tensors[i].name = "t.\(i)" }
    }
  }

  /// Writes the model as a folder; returns its path.
  package func write(to folder: TemporaryFolder, as name: String) throws -> String {
    var builder = SafetensorsBuilder()
    for tensor in tensors { builder.add(tensor.name, .f32, shape: tensor.shape, floats: tensor.values) }
    try builder.write(to: folder, as: name + "/model.safetensors")
    return "\(folder.path)/\(name)"
  }

  private mutating func addLayer(_ start: String, _ random: inout SeededGenerator) {
    let width = frame.width
    addGain(start + "input_layernorm.weight", width, &random)
    for (name, rows) in [("q_proj", width), ("k_proj", width / 2), ("v_proj", width / 2)] {
      add(start + "self_attn.\(name).weight", [rows, width], .attention, &random)
    }
    add(start + "self_attn.o_proj.weight", [width, width], .attention, isOutput: true, &random)
    addGain(start + "post_attention_layernorm.weight", width, &random)
    addMLP(start, &random)
  }

  mutating func addMLP(_ start: String, _ random: inout SeededGenerator) {
    let (width, neurons) = (frame.width, frame.neurons)
    add(start + "mlp.gate_proj.weight", [neurons, width], .mlp, &random)
    add(start + "mlp.up_proj.weight", [neurons, width], .mlp, &random)
    add(start + "mlp.down_proj.weight", [width, neurons], .mlp, isOutput: true, &random)
  }

  private mutating func addGPT2(_ random: inout SeededGenerator) {
    let (width, neurons) = (frame.width, frame.neurons)
    add("wte.weight", [256, width], .tokens, &random)
    add("wpe.weight", [64, width], .other, &random)
    for layer in 0..<frame.layers {
      let start = "h.\(layer)."
      for (name, rows, columns, use) in [
        ("attn.c_attn", width, 3 * width, Use.attention), ("attn.c_proj", width, width, .attention),
        ("mlp.c_fc", width, neurons, .mlp),
        ("mlp.c_proj", neurons, width, .mlp),
      ] {
        add(start + name + ".weight", [rows, columns], use, isOutput: name.hasSuffix("c_proj"), &random)
        addGain(start + name + ".bias", columns, around: 0, &random)
      }
      for norm in ["ln_1", "ln_2"] {
        addGain(start + norm + ".weight", width, &random)
        addGain(start + norm + ".bias", width, around: 0, &random)
      }
    }
    addGain("ln_f.weight", width, &random)
    addGain("ln_f.bias", width, around: 0, &random)
  }

  private mutating func addMixer(_ start: String, _ random: inout SeededGenerator) {
    let (width, inner, states, rank) = (frame.width, 2 * frame.width, 16, 8)
    addGain(start + "norm.weight", width, &random)
    add(start + "mixer.in_proj.weight", [2 * inner, width], .mixer, &random)
    add(start + "mixer.conv1d.weight", [inner, 1, 4], .mixer, &random)
    addGain(start + "mixer.conv1d.bias", inner, around: 0, &random)
    add(start + "mixer.x_proj.weight", [rank + 2 * states, inner], .mixer, &random)
    add(start + "mixer.dt_proj.weight", [inner, rank], .mixer, &random)
    addGain(start + "mixer.dt_proj.bias", inner, around: -4, &random)
    add(start + "mixer.out_proj.weight", [width, inner], .mixer, isOutput: true, &random)
    let ramp = (0..<inner * states).map { Float(log(Double($0 % states + 1))) }
    tensors.append((start + "mixer.A_log", [inner, states], ramp, .other))
    tensors.append((start + "mixer.D", [inner], Array(repeating: 1, count: inner), .other))
  }

  private mutating func addTower(_ random: inout SeededGenerator) {
    let (width, start) = (frame.width, "vision_tower.vision_model.")
    add(start + "embeddings.patch_embedding.weight", [width, 3, 4, 4], .tower, &random)
    add(start + "embeddings.position_embedding.weight", [64, width], .tower, &random)
    for layer in 0..<3 {
      let start = start + "encoder.layers.\(layer)."
      for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
        add(start + "self_attn.\(name).weight", [width, width], .tower, &random)
      }
      add(start + "mlp.fc1.weight", [2 * width, width], .tower, &random)
      add(start + "mlp.fc2.weight", [width, 2 * width], .tower, &random)
    }
  }

  private mutating func addTables(_ random: inout SeededGenerator) {
    let width = frame.width
    let positions = (0..<128 * width).map { i in
      let (position, channel) = (Double(i / width), Double(i % width / 2 * 2) / Double(width))
      let angle = position / pow(10_000, channel)
      return Float(i % 2 == 0 ? sin(angle) : cos(angle))
    }
    tensors.append(("model.embed_positions.weight", [128, width], positions, .other))
    tensors.append(("model.rotation", [width, width], random.orthogonalRows(width), .other))
    let filters = (0..<40 * 80).map { i -> Float in
      let distance = Float(i % 80 - 2 * (i / 80)).magnitude
      return max(0, 1 - distance / 3)
    }
    tensors.append(("model.mel_filters", [40, 80], filters, .other))
  }

  mutating func addGain(_ name: String, _ count: Int, around mean: Float = 1, _ random: inout SeededGenerator) {
    var shared = frame.shared
    let values = (0..<count).map { _ in
      mean + 0.2 * Float(frame.start == .sharedGains ? shared.normal() : random.normal())
    }
    tensors.append((name, [count], values, .other))
  }

  mutating func add(
    _ name: String, _ shape: [Int], _ use: Use, isOutput: Bool = false, _ random: inout SeededGenerator
  ) {
    let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
    var values = (0..<rows * columns).map { _ in 0.05 * Float(random.normal()) }
    switch frame.start {
    case .normal, .sharedGains: break
    case .identity: if rows == columns { for i in 0..<rows { values[i * columns + i] += 1 } }
    case .zeroOutputs: if isOutput { values = Array(repeating: 0, count: values.count) }
    case .constantRows:
      for i in 0..<rows where use != .tokens {
        let value = Float(i % 2 == 0 ? 1 : random.normal())
        for k in 0..<columns { values[i * columns + k] = value }
      }
    case .tiny: for i in values.indices where use != .tokens { values[i] *= 1e-30 }
    case .cosines:
      for i in values.indices where use != .tokens {
        values[i] += 0.25 * cos(.pi * (Float(i % columns) + 0.5) * Float(i / columns) / Float(columns))
      }
    case .outliers: if columns == frame.width { for i in values.indices { values[i] *= frame.channels[i % columns] } }
    }
    tensors.append((name, shape, values, use))
  }
}
