import TensorViews

/// A part of a file read as one architecture: the groups that its patterns match, all with one prefix.
struct ArchitectureMatch {
  /// The index of the architecture in the table.
  var architecture: Int
  /// The prefix of its names.
  var prefix: String
  /// The matches, at most one pattern per group.
  var matches: [NameMatch] = []
  /// The width of the residual stream, when its norms or its embedding show it.
  var hiddenSize: Int?
  /// Elements whose names and shapes it explains.
  var explained = 0
  /// The number of patterns without a match, though every model of the architecture has them.
  var missing = 0

  /// The names of its stacks of layers, without the last dot, as in keys.
  func stacks(_ table: ArchitectureTable) -> Set<String> {
    Set(matches.compactMap { match in table.patterns[match.pattern].stack.map { match.prefix + $0.dropLast() } })
  }

  /// Checks the shapes: keeps the matches that agree with them, and counts the elements.
  mutating func weigh(_ table: ArchitectureTable, _ groups: [NameGroup], _ parameters: [Parameter]) {
    let parameter = { (match: NameMatch) in parameters[groups[match.group].members[0]] }
    hiddenSize = Self.hiddenSize(matches.map { (table.patterns[$0.pattern], parameter($0).shape) })
    var first: [String: (shape: [Int], layer: Int?)] = [:]
    for match in matches {
      let pattern = table.patterns[match.pattern]
      let layer = pattern.numbers.firstIndex(of: .layer).map { groups[match.group].number($0, of: 0) }
      if first[pattern.role.name] == nil { first[pattern.role.name] = (pattern.outFirst(parameter(match)), layer) }
    }
    // Without a norm and a table, queries tell the width: else any shape would fit, and a transposed model an architecture of few names.
    let hidden = hiddenSize ?? first["q_proj"]?.shape.last
    matches.removeAll { match in
      let pattern = table.patterns[match.pattern]
      return !pattern.agrees(with: parameter(match), hidden: hidden, first: first)
    }
    explained = matches.reduce(0) { $0 + groups[$1.group].elements }
    missing = table.architectures[architecture].required - Set(matches.map(\.pattern)).count { table.patterns[$0].isRequired }
  }

  /// Norms are used first, because an embedding may be narrower than the residual stream.
  private static func hiddenSize(_ found: [(pattern: NamePattern, shape: [Int])]) -> Int? {
    for role in ["input_norm", "post_attention_norm", "attention_output_norm", "mlp_output_norm", "attention_norm", "final_norm"]
    {
      let norm = found.first { pattern, shape in pattern.role.lastWord == role && shape.count == 1 }
      if let norm { return norm.shape[0] }
    }
    return found.first { $0.pattern.role == .embedTokens && $0.shape.count == 2 }?.shape[1]
  }
}

extension Role {
  /// The name after `encoder.`, `decoder.` or `dense.`.
  var lastWord: Substring {
    for side in ["encoder.", "decoder.", "dense."] where name.hasPrefix(side) { return name.dropFirst(side.utf8.count) }
    return name[...]
  }
}

extension NamePattern {
  /// Roles that read the residual stream or write to it, so that one dimension is known.
  private static let readers: Set<Substring> = [
    "q_proj", "k_proj", "v_proj", "qkv_proj", "gate_proj", "up_proj", "gate_up_proj", "router",
  ]
  private static let writers: Set<Substring> = ["o_proj", "down_proj"]

  /// The shape of `parameter` with outputs before inputs.
  func outFirst(_ parameter: Parameter) -> [Int] {
    let shape = parameter.shape
    if parameter.hasOutputRows { return shape }
    return switch orientation {
    case .inOut where shape.count == 2: [shape[1], shape[0]]
    case .stackedInOut where shape.count == 3: [shape[0], shape[2], shape[1]]
    default: shape
    }
  }

  /// Whether the shape of `parameter` fits the pattern. `hidden` is the width of the residual stream; `first` holds the shapes
  /// and layers of other parameters of the model.
  func agrees(with parameter: Parameter, hidden: Int?, first: [String: (shape: [Int], layer: Int?)]) -> Bool {
    let shape = parameter.shape
    let rank: ClosedRange<Int>
    switch orientation {
    case .outIn, .inOut, .tokens, .rows, .expertRows, .expertRowsInOut, .stackedVector: rank = 2...2
    // Command-R+ has a norm for each head: [heads, size].
    case .vector: rank = 1...2
    case .stackedOutIn, .stackedInOut: rank = 3...3
    case .convolution: rank = 2...5
    case .other: return true
    }
    guard rank.contains(shape.count) else { return false }
    if let normWidth, let heads = first["q_proj"]?.shape.first, let keys = first["k_proj"]?.shape.first {
      let whole = role.name == "q_norm" ? heads : keys
      if (shape == [whole]) != (normWidth == .allHeads) { return false }
    }
    guard let hidden, orientation != .vector, orientation != .stackedVector else { return true }
    let word = role.lastWord
    let outIn = outFirst(parameter)
    if Self.readers.contains(word) {
      return orientation == .expertRowsInOut || outIn[outIn.count - 1] == hidden && isTall(word, outIn, first)
    }
    if Self.writers.contains(word) {
      return orientation == .expertRowsInOut ? outIn[1] == hidden : outIn[outIn.count - 2] == hidden
    }
    return true
  }

  /// Queries have as many rows as the output projection has columns, or twice as many with a gate for each of them.
  private func isTall(_ word: Substring, _ shape: [Int], _ first: [String: (shape: [Int], layer: Int?)]) -> Bool {
    guard word == "q_proj", layout == nil || layout == .queryWithGate else { return true }
    let side = role.name.dropLast(word.utf8.count)
    guard let output = first[side + "o_proj"], let own = first[role.name], output.layer == own.layer, output.shape.count == 2
    else {
      return true
    }
    return shape[0] == (layout == nil ? 1 : 2) * output.shape[1]
  }
}
