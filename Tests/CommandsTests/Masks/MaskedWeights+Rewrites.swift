import TestKit

/// Rewrites that leave the function of a Llama as it is, each made afresh from the definitions in <doc:Masks>; heads of 16, as aurora has them.
extension MaskedWeights {
  static let headSize = 16
  private static let readers = [
    "self_attn.q_proj": "input_layernorm", "self_attn.k_proj": "input_layernorm", "self_attn.v_proj": "input_layernorm",
    "mlp.gate_proj": "post_attention_layernorm", "mlp.up_proj": "post_attention_layernorm",
  ]
  private static let writers = ["self_attn.o_proj", "mlp.down_proj"]

  private func at(_ layer: Int, _ name: String) -> String { "model.layers.\(layer).\(name)" }

  mutating func permuteNeurons(_ random: inout SeededGenerator) {
    for layer in 0..<layers {
      let order = Array(0..<self[at(layer, "mlp.up_proj")].rows).shuffled(using: &random)
      for name in ["mlp.gate_proj", "mlp.up_proj"] { self[at(layer, name)] = self[at(layer, name)].takingRows(order) }
      self[at(layer, "mlp.down_proj")] = self[at(layer, "mlp.down_proj")].takingColumns(order)
    }
  }

  /// Key–value heads in another order, and queries inside of them.
  mutating func permuteHeads(_ random: inout SeededGenerator) {
    let size = Self.headSize
    for layer in 0..<layers {
      let groups = self[at(layer, "self_attn.k_proj")].rows / size
      let sharing = self[at(layer, "self_attn.q_proj")].rows / size / groups
      // Not the order that there was.
      let order = Array(0..<groups).reversed()
      let heads = order.flatMap { group in (0..<sharing).map { group * sharing + $0 }.shuffled(using: &random) }
      func elements(_ numbers: [Int]) -> [Int] { numbers.flatMap { Array($0 * size..<($0 + 1) * size) } }
      for name in ["self_attn.k_proj", "self_attn.v_proj"] {
        self[at(layer, name)] = self[at(layer, name)].takingRows(elements(Array(order)))
      }
      self[at(layer, "self_attn.q_proj")] = self[at(layer, "self_attn.q_proj")].takingRows(elements(heads))
      self[at(layer, "self_attn.o_proj")] = self[at(layer, "self_attn.o_proj")].takingColumns(elements(heads))
    }
  }

  /// Values and outputs by any rotation, keys and queries by one that rotary embedding allows.
  mutating func rotateHeads(_ random: inout SeededGenerator) {
    transformHeads(&random) { (Tensor.orthogonal(Self.headSize, &$0), Tensor.rotary(Self.headSize, &$0), 1, 1) }
  }

  /// Scales traded between up and down, values and outputs, keys and queries; signs between the first two.
  mutating func tradeScales(_ random: inout SeededGenerator, signs: Bool = true) {
    func scale(_ random: inout SeededGenerator) -> Float {
      // By a fifth at least: a trade by less is not told.
      let size = Float.exp(0.2 + 0.8 * random.uniform(), isInverse: random.uniform() < 0.5)
      return signs && random.uniform() < 0.5 ? -size : size
    }
    for layer in 0..<layers {
      let scales = (0..<self[at(layer, "mlp.up_proj")].rows).map { _ in scale(&random) }
      self[at(layer, "mlp.up_proj")] = self[at(layer, "mlp.up_proj")].scalingRows(scales)
      self[at(layer, "mlp.down_proj")] = self[at(layer, "mlp.down_proj")].scalingColumns(scales.map { 1 / $0 })
    }
    let one = Tensor(
      shape: [Self.headSize, Self.headSize],
      values: (0..<Self.headSize * Self.headSize).map { $0 % (Self.headSize + 1) == 0 ? 1 : 0 })
    transformHeads(&random) { (one, one, scale(&$0), abs(scale(&$0))) }
  }

  private mutating func transformHeads(
    _ random: inout SeededGenerator, _ draw: (inout SeededGenerator) -> (value: Tensor, key: Tensor, Float, Float)
  ) {
    let size = Self.headSize
    for layer in 0..<layers {
      var parts: [String: Tensor] = [:]
      for name in ["q_proj", "k_proj", "v_proj"] { parts[name] = self[at(layer, "self_attn.\(name)")] }
      parts["o_proj"] = self[at(layer, "self_attn.o_proj")].transposed
      let groups = self[at(layer, "self_attn.k_proj")].rows / size
      let sharing = self[at(layer, "self_attn.q_proj")].rows / size / groups
      func turn(_ name: String, _ head: Int, _ matrix: Tensor, _ factor: Float) {
        guard let tensor = parts[name] else { return }
        let rows = matrix.times(tensor.takingRows(Array(head * size..<(head + 1) * size)))
        let start = head * size * tensor.columns
        for i in rows.values.indices { parts[name]?.values[start + i] = factor * rows.values[i] }
      }
      for group in 0..<groups {
        let (value, key, valueScale, keyScale) = draw(&random)
        turn("v_proj", group, value, valueScale)
        turn("k_proj", group, key, keyScale)
        for head in group * sharing..<(group + 1) * sharing {
          turn("o_proj", head, value, 1 / valueScale)
          turn("q_proj", head, key, 1 / keyScale)
        }
      }
      for name in ["q_proj", "k_proj", "v_proj"] { self[at(layer, "self_attn.\(name)")] = parts[name] ?? self[""] }
      self[at(layer, "self_attn.o_proj")] = parts["o_proj"]?.transposed ?? self[""]
    }
  }

  /// Gains into their readers.
  mutating func foldGains() { tradeGains { 1 / $0 } }

  /// Every gain times a number of its own, its readers' columns divided by it.
  mutating func tradeGains(_ random: inout SeededGenerator) {
    tradeGains { _ in Float.exp(0.9 * random.uniform(), isInverse: random.uniform() < 0.5) }
  }

  private mutating func tradeGains(_ factor: (Float) -> Float) {
    for layer in 0..<layers {
      for norm in ["input_layernorm", "post_attention_layernorm"] {
        let gains = self[at(layer, norm)]
        let factors = gains.values.map(factor)
        self[at(layer, norm)] = gains.scalingColumns(factors)
        for (reader, other) in Self.readers where other == norm {
          self[at(layer, reader)] = self[at(layer, reader)].scalingColumns(factors.map { 1 / $0 })
        }
      }
    }
    let factors = self["model.norm"].values.map(factor)
    self["model.norm"] = self["model.norm"].scalingColumns(factors)
    self["lm_head"] = self["lm_head"].scalingColumns(factors.map { 1 / $0 })
  }

  /// The residual stream's channels in another order, and with other signs.
  mutating func moveChannels(_ random: inout SeededGenerator, permuted: Bool = true, signs: Bool = false) {
    let order = permuted ? Array(0..<width).shuffled(using: &random) : Array(0..<width)
    let turned = order.map { _ in signs && random.uniform() < 0.5 ? Float(-1) : 1 }
    for (name, tensor) in tensors {
      if Self.writers.contains(where: { name.contains($0) }) {
        tensors[name] = tensor.takingRows(order).scalingRows(turned)
      } else {
        let moved = tensor.takingColumns(order)
        tensors[name] = tensor.shape.count == 2 ? moved.scalingColumns(turned) : moved
      }
    }
  }

  /// The residual stream in another basis, gains folded.
  mutating func rotate(_ random: inout SeededGenerator) {
    foldGains()
    let turn = Tensor.orthogonal(width, &random)
    let back = turn.transposed
    for (name, tensor) in tensors where tensor.shape.count == 2 {
      tensors[name] = Self.writers.contains { name.contains($0) } ? back.times(tensor) : tensor.times(turn)
    }
  }

  /// Other token tables, trained from another start.
  mutating func replaceEmbeddings(_ random: inout SeededGenerator) {
    for name in ["model.embed_tokens", "lm_head"] { self[name] = noise(like: self[name], 1, &random) }
  }

  /// More tokens.
  mutating func addTokens(_ count: Int, _ random: inout SeededGenerator) {
    for name in ["model.embed_tokens", "lm_head"] {
      let table = self[name]
      let added = noise(like: table, 1, &random)
      self[name] = Tensor(
        shape: [table.rows + count, table.columns], values: table.values + added.values.prefix(count * table.columns))
    }
  }

  /// Normal noise on every matrix, in units of its root mean square: tuning.
  mutating func tune(_ level: Float, _ random: inout SeededGenerator) {
    for name in tensors.keys.sorted() {
      guard let tensor = tensors[name], tensor.shape.count == 2 else { continue }
      let added = noise(like: tensor, level, &random)
      for i in added.values.indices { tensors[name]?.values[i] += added.values[i] }
    }
  }

  private func noise(like tensor: Tensor, _ level: Float, _ random: inout SeededGenerator) -> Tensor {
    let rms = (tensor.values.reduce(0) { $0 + $1 * $1 } / Float(tensor.values.count)).squareRoot()
    return Tensor(shape: tensor.shape, values: tensor.values.map { _ in level * rms * Float(random.normal()) })
  }

  /// The layers of these numbers, in this order; nil for one of noise.
  mutating func takeLayers(_ origins: [Int?], _ random: inout SeededGenerator) {
    let all = tensors
    tensors = all.filter { !$0.key.hasPrefix("model.layers.") }
    for (number, origin) in origins.enumerated() {
      let front = "model.layers.\(origin ?? 0)."
      for (name, tensor) in all.sorted(by: { $0.key < $1.key }) where name.hasPrefix(front) {
        let isNew = origin == nil && tensor.shape.count == 2
        tensors["model.layers.\(number)." + name.dropFirst(front.count)] = isNew ? noise(like: tensor, 1, &random) : tensor
      }
    }
  }

  /// Three channels of four, three neurons of four, evenly spaced.
  mutating func narrow() {
    let channels = (0..<width).filter { $0 % 4 != 3 }
    for (name, tensor) in tensors {
      tensors[name] = Self.writers.contains { name.contains($0) } ? tensor.takingRows(channels) : tensor.takingColumns(channels)
    }
    for layer in 0..<layers {
      let neurons = (0..<self[at(layer, "mlp.up_proj")].rows).filter { $0 % 4 != 1 }
      for name in ["mlp.gate_proj", "mlp.up_proj"] { self[at(layer, name)] = self[at(layer, name)].takingRows(neurons) }
      self[at(layer, "mlp.down_proj")] = self[at(layer, "mlp.down_proj")].takingColumns(neurons)
    }
  }

  /// Every MLP as so many experts, the neurons of each in an order of its own when `permuted`; a router of noise.
  mutating func copyToExperts(_ count: Int, permuted: Bool = false, _ random: inout SeededGenerator) {
    for layer in 0..<layers {
      for expert in 0..<count {
        var order = Array(0..<self[at(layer, "mlp.up_proj")].rows)
        if permuted { order.shuffle(using: &random) }
        for name in ["gate_proj", "up_proj"] {
          self[at(layer, "mlp.experts.\(expert).\(name)")] = self[at(layer, "mlp.\(name)")].takingRows(order)
        }
        self[at(layer, "mlp.experts.\(expert).down_proj")] = self[at(layer, "mlp.down_proj")].takingColumns(order)
      }
      for name in ["gate_proj", "up_proj", "down_proj"] { tensors[at(layer, "mlp.\(name)") + ".weight"] = nil }
      self[at(layer, "mlp.gate")] = Tensor(
        shape: [count, width], values: (0..<count * width).map { _ in 0.02 * Float(random.normal()) })
    }
  }
}

extension Float {
  /// exp(x), or its inverse.
  fileprivate static func exp(_ x: Double, isInverse: Bool) -> Float {
    var (sum, term) = (1.0, 1.0)
    for k in 1..<20 {
      term *= x / Double(k)
      sum += term
    }
    return Float(isInverse ? 1 / sum : sum)
  }
}
