import Safetensors

/// The layers of a model: of all numbered stacks of modules in a checkpoint, the one with most bytes.
///
/// A vision tower's or an audio encoder's layers are outside of it: their tensors are told apart by their whole names.
struct MainStack {
  /// The stack's name, such as `model.layers`; empty when the model has no numbered layers.
  private(set) var name = ""
  /// The layers' numbers in names, ascending.
  private(set) var numbers: [Int] = []
  private var place: (String) -> LayerNaming? = LayerNaming.place(of:)

  init(of tensors: [Tensor]) {
    // A number glued to a word (`layer_3`) is tried only where no name has a number of its own.
    for place in [LayerNaming.place(of:), LayerNaming.gluedPlace(of:)] {
      var stacks: [String: (bytes: Int, numbers: Set<Int>)] = [:]
      for tensor in tensors {
        guard let found = place(tensor.name.string) else { continue }
        stacks[found.stack, default: (0, [])].bytes += tensor.byteRange.count
        stacks[found.stack, default: (0, [])].numbers.insert(found.number)
      }
      // Among equals the first by name, so that the choice does not depend on hashing.
      let best = stacks.min { a, b in (b.value.bytes, a.key) < (a.value.bytes, b.key) }
      guard let best else { continue }
      name = best.key
      numbers = best.value.numbers.sorted()
      self.place = place
      return
    }
  }

  /// `parameter` of `checkpoint` in its role and layer.
  func weight(for parameter: Parameter, of checkpoint: Checkpoint) -> Weight {
    let name = parameter.name
    if let found = place(name), found.stack == self.name {
      let role = LlamaNaming.roleInside(found.rest) ?? Role(name: Self.withoutWeight(found.rest))
      return parameter.weight(.whole, of: checkpoint, role: role, layer: found.number, expert: found.expert)
    }
    let role = LlamaNaming.roleOutside(name, stack: self.name) ?? Role(name: Self.withoutWeight(name))
    return parameter.weight(.whole, of: checkpoint, role: role, layer: nil)
  }

  private static func withoutWeight(_ name: String) -> String {
    name.hasSuffix(".weight") ? String(name.dropLast(".weight".utf8.count)) : name
  }
}
