import TensorViews

/// The shapes, outputs first, of the tensors that show how a model's other tensors are cut, by role and layer.
struct LayerShapes {
  private struct Key: Hashable {
    var role: String
    /// nil: the first layer that has the role.
    var layer: Int?
  }

  private var shapes: [Key: [Int]] = [:]

  /// Roles, by their last words, whose shapes show how other tensors are cut.
  private static let telling = [
    "o_proj", "q_norm", "kv_a_norm", "kv_a_proj", "kv_b_proj", "q_b_proj", "q_proj", "k_proj", "qkv_proj", "A_log",
    "linear_attn.A", "linear_attn.norm", "linear_attn.conv", "z_proj", "ssm.A", "ssm.out_proj", "router", "down_proj",
  ]

  /// The shapes of the parameters that `model` matches. O(their number).
  init(of model: ArchitectureMatch, in table: ArchitectureTable, _ groups: [NameGroup], _ parameters: [Parameter]) {
    for match in model.matches {
      let pattern = table.patterns[match.pattern]
      guard Self.telling.contains(where: { pattern.role.name.hasSuffix($0) }) else { continue }
      let group = groups[match.group]
      let layerNumber = pattern.numbers.firstIndex(of: .layer)
      for (i, member) in group.members.enumerated() {
        let shape = pattern.outFirst(parameters[member])
        shapes[Key(role: pattern.role.name, layer: layerNumber.map { group.number($0, of: i) })] = shape
        if shapes[Key(role: pattern.role.name)] == nil { shapes[Key(role: pattern.role.name)] = shape }
      }
    }
  }

  /// The shape of the tensor with this role in a layer, or, if that layer has none, in the first layer that has one.
  func shape(_ role: String, layer: Int?) -> [Int]? { shapes[Key(role: role, layer: layer)] ?? shapes[Key(role: role)] }

  /// The shape of the tensor in the same module as the role `neighbour`: its role is `word` after the neighbour's tower and side.
  func shape(_ word: String, beside neighbour: String, layer: Int?) -> [Int]? {
    let front = neighbour.lastIndex(of: ".").map { String(neighbour[...$0]) } ?? ""
    return shape(front + word, layer: layer)
  }
}
