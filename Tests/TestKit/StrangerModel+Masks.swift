/// Copies of models with recurrent layers that compute the same.
extension StrangerModel {
  /// What the rows or the columns of a tensor are.
  private enum Axis {
    /// Channels of the residual stream.
    case residual
    /// Channels of the recurrence, inside heads.
    case channels
    /// Neurons of the MLP.
    case neurons
    case other
  }

  /// A tensor, by the end of its name.
  private struct Part {
    var rows: Axis
    var columns: Axis
    /// The end of the name of the gain that is folded into the columns.
    var gain: String?

    init(_ rows: Axis, _ columns: Axis = .other, after gain: String? = nil) {
      (self.rows, self.columns, self.gain) = (rows, columns, gain)
    }
  }

  /// The tensors of a layer that a mask changes. Gains that are folded become one.
  private var parts: [String: Part] {
    switch frame.kind {
    case .mamba:
      [
        "mixer.in_proj.weight": Part(.channels, .residual, after: "norm.weight"), "mixer.conv1d.weight": Part(.channels),
        "mixer.conv1d.bias": Part(.channels), "mixer.x_proj.weight": Part(.other, .channels),
        "mixer.dt_proj.weight": Part(.channels), "mixer.dt_proj.bias": Part(.channels), "mixer.A_log": Part(.channels),
        "mixer.D": Part(.channels), "mixer.out_proj.weight": Part(.residual, .channels),
      ]
    case .deltaNet:
      [
        "linear_attn.q_proj.weight": Part(.other, .residual, after: "attention_layer_norm.weight"),
        "linear_attn.k_proj.weight": Part(.other, .residual, after: "attention_layer_norm.weight"),
        "linear_attn.v_proj.weight": Part(.channels, .residual, after: "attention_layer_norm.weight"),
        "linear_attn.g_proj.weight": Part(.channels, .residual, after: "attention_layer_norm.weight"),
        "linear_attn.a_proj.weight": Part(.other, .residual, after: "attention_layer_norm.weight"),
        "linear_attn.b_proj.weight": Part(.other, .residual, after: "attention_layer_norm.weight"),
        "linear_attn.v_conv1d.weight": Part(.channels),
        "linear_attn.o_proj.weight": Part(.residual, .channels, after: "linear_attn.o_norm.weight"),
      ].merging(mlp(after: "feedforward_layer_norm.weight")) { $1 }
    case .kimi:
      [
        "self_attn.q_proj.weight": Part(.other, .residual, after: "input_layernorm.weight"),
        "self_attn.k_proj.weight": Part(.other, .residual, after: "input_layernorm.weight"),
        "self_attn.v_proj.weight": Part(.channels, .residual, after: "input_layernorm.weight"),
        "self_attn.f_a_proj.weight": Part(.other, .residual, after: "input_layernorm.weight"),
        "self_attn.g_a_proj.weight": Part(.other, .residual, after: "input_layernorm.weight"),
        "self_attn.g_b_proj.weight": Part(.channels),
        "self_attn.b_proj.weight": Part(.other, .residual, after: "input_layernorm.weight"),
        "self_attn.v_conv1d.weight": Part(.channels),
        "self_attn.o_proj.weight": Part(.residual, .channels, after: "self_attn.o_norm.weight"),
      ].merging(mlp(after: "post_attention_layernorm.weight")) { $1 }
    case .rwkv:
      [
        "ln0.weight": Part(.other, .residual), "ln0.bias": Part(.other, .residual), "ln1.weight": Part(.other, .residual),
        "ln1.bias": Part(.other, .residual), "ln2.weight": Part(.other, .residual), "ln2.bias": Part(.other, .residual),
        "att.time_maa_x": Part(.other, .residual), "att.time_maa_k": Part(.other, .residual),
        "att.time_maa_v": Part(.other, .residual), "att.time_maa_r": Part(.other, .residual),
        "ffn.time_maa_k": Part(.other, .residual), "ffn.time_maa_r": Part(.other, .residual),
        "att.receptance.weight": Part(.other, .residual), "att.key.weight": Part(.other, .residual),
        "att.value.weight": Part(.channels, .residual), "att.gate.weight": Part(.channels, .residual),
        "att.ln_x.weight": Part(.channels), "att.ln_x.bias": Part(.channels), "att.output.weight": Part(.residual, .channels),
        "ffn.key.weight": Part(.neurons, .residual), "ffn.value.weight": Part(.residual, .neurons),
        "ffn.receptance.weight": Part(.residual, .residual),
      ]
    default: preconditionFailure("a mask of \(frame.kind) is not known here")
    }
  }

  private func mlp(after gain: String) -> [String: Part] {
    [
      "mlp.gate_proj.weight": Part(.neurons, .residual, after: gain),
      "mlp.up_proj.weight": Part(.neurons, .residual, after: gain),
      "mlp.down_proj.weight": Part(.residual, .neurons),
    ]
  }

  /// The tensors outside of the layers. The gain of the last norm is folded into the head, unless that is the token table itself.
  private var outerParts: [String: Part] {
    switch frame.kind {
    case .mamba: ["backbone.embeddings.weight": Part(.other, .residual)]
    case .rwkv:
      [
        "emb.weight": Part(.other, .residual), "ln_out.weight": Part(.other, .residual), "ln_out.bias": Part(.other, .residual),
        "head.weight": Part(.other, .residual),
      ]
    default:
      [
        "model.embed_tokens.weight": Part(.other, .residual),
        "lm_head.weight": Part(.other, .residual, after: "model.norm.weight"),
      ]
    }
  }

  /// The end of a name after the number of its layer, and what stands before it; nil outside of all layers.
  private static func split(_ name: String) -> (start: String, end: String)? {
    let words = name.split(separator: ".")
    guard let number = words.firstIndex(where: { $0.allSatisfy(\.isNumber) }) else { return nil }
    return (words[...number].joined(separator: ".") + ".", words[(number + 1)...].joined(separator: "."))
  }

  /// This model with its neurons and the channels of its recurrence in another order in each layer, those of a head inside it, and with
  /// its residual stream in another basis, or, where vectors depend on the basis (RWKV), in another order; it computes the same.
  package func masked(_ random: inout SeededGenerator) -> StrangerModel {
    var copy = self
    let (width, layerParts, outerParts) = (frame.width, parts, outerParts)
    var basis = random.orthogonalRows(width)
    if frame.kind == .rwkv {
      basis = Array(repeating: 0, count: width * width)
      for (row, column) in Array(0..<width).shuffled(using: &random).enumerated() { basis[row * width + column] = 1 }
    }
    func turned(_ rows: [Float]) -> [Float] {
      var found = [Float](repeating: 0, count: rows.count)
      for i in rows.indices {
        let (start, column) = (i / width * width, i % width)
        for k in 0..<width { found[i] += rows[start + k] * basis[k * width + column] }
      }
      return found
    }
    let values = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.values) })
    var folded: Set<String> = []
    var orders: [String: [Int]] = [:]
    for i in tensors.indices {
      let name = tensors[i].name
      let split = Self.split(name)
      guard let part = split.map({ layerParts[$0.end] }) ?? outerParts[name] else { continue }
      let start = split?.start ?? ""
      let rows = tensors[i].shape.count > 1 || part.columns == .other ? tensors[i].shape[0] : 1
      var matrix = Rows(values: tensors[i].values, columns: tensors[i].values.count / rows)
      if let gain = part.gain.flatMap({ values[start + $0] }) {
        matrix.values = matrix.values.indices.map { matrix.values[$0] * gain[$0 % matrix.columns % gain.count] }
        folded.insert(start + (part.gain ?? ""))
      }
      func order(_ axis: Axis, _ count: Int) -> [Int] {
        let own = axis == .neurons ? frame.neurons : channels
        let key = "\(start)\(axis)"
        if orders[key] == nil { orders[key] = Self.order(of: own, inBlocksOf: axis == .neurons ? own : block, &random) }
        // The rows of several matrices may stand in one.
        return stride(from: 0, to: count, by: own).flatMap { first in (orders[key] ?? []).map { $0 + first } }
      }
      switch part.columns {
      case .residual: matrix.values = turned(matrix.values)
      case .channels, .neurons: matrix = matrix.transposed.taking(order(part.columns, matrix.columns)).transposed
      case .other: break
      }
      switch part.rows {
      case .residual: matrix = Rows(values: turned(matrix.transposed.values), columns: width).transposed
      case .channels, .neurons: matrix = matrix.taking(order(part.rows, rows))
      case .other: break
      }
      copy.tensors[i].values = matrix.values
    }
    for i in tensors.indices where folded.contains(tensors[i].name) {
      copy.tensors[i].values = tensors[i].values.map { _ in 1 }
    }
    return copy
  }

  /// The number of channels of a layer's recurrence, and how many of them may change places.
  private var channels: Int { frame.kind == .mamba || frame.kind == .deltaNet ? 2 * frame.width : frame.width }
  private var block: Int { frame.kind == .mamba ? channels : frame.kind == .deltaNet ? 2 * Self.head : Self.head }

  private static func order(of count: Int, inBlocksOf size: Int, _ random: inout SeededGenerator) -> [Int] {
    stride(from: 0, to: count, by: size).flatMap { Array($0..<min($0 + size, count)).shuffled(using: &random) }
  }

  /// A matrix, row by row.
  private struct Rows {
    var values: [Float]
    var columns: Int

    var transposed: Rows {
      let rows = values.count / columns
      return Rows(values: (0..<values.count).map { values[$0 % rows * columns + $0 / rows] }, columns: rows)
    }

    func taking(_ order: [Int]) -> Rows {
      Rows(values: order.flatMap { values[$0 * columns..<($0 + 1) * columns] }, columns: columns)
    }
  }

  /// This model with the MLPs and the token tables of another one of the same frame.
  package func withMLPsAndTables(of other: StrangerModel) -> StrangerModel {
    var copy = self
    let theirs = Dictionary(uniqueKeysWithValues: other.tensors.map { ($0.name, $0.values) })
    for i in tensors.indices
    where tensors[i].use == .tokens || [".mlp.", ".ffn."].contains(where: tensors[i].name.contains) {
      copy.tensors[i].values = theirs[tensors[i].name] ?? tensors[i].values
    }
    return copy
  }
}
