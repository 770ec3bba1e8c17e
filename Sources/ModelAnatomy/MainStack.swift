import TensorFiles
import TensorViews

/// The layers of a model: of all numbered stacks of modules in a checkpoint, the one with most bytes.
///
/// The layers of a vision tower or an audio encoder are not part of it. Their tensors are identified by their full names.
struct MainStack {
  /// The stack's name, such as `model.layers`; several for an encoder with its decoder, none when the model has no numbered
  /// layers.
  private(set) var names: Set<String> = []
  /// The layers' numbers in names, ascending.
  private(set) var numbers: [Int] = []
  private var parse: (String) -> LayerNaming? = LayerNaming.parse

  init(of tensors: [Tensor]) {
    // A number attached to a word (`layer_3`) is tried only when no name has a number as a separate component.
    for parse in [LayerNaming.parse, LayerNaming.parseGlued] {
      var stacks: [String: (bytes: Int, numbers: Set<Int>)] = [:]
      for tensor in tensors {
        guard let found = parse(tensor.name.string) else { continue }
        stacks[found.stack, default: (0, [])].bytes += tensor.byteRange.count
        stacks[found.stack, default: (0, [])].numbers.insert(found.number)
      }
      // Among equal stacks the first by name is taken, so that the choice does not depend on hashing.
      let best = stacks.min { a, b in (b.value.bytes, a.key) < (a.value.bytes, b.key) }
      guard let best else { continue }
      names = [best.key]
      numbers = best.value.numbers.sorted()
      self.parse = parse
      return
    }
  }

  /// The stack that the table of architectures found, whose layers may also contain the quantised tensors that were skipped.
  init(of reading: Reading, skippedTensors: [SkippedTensor]) {
    names = reading.stacks
    parse = { LayerNaming.parse(NameGroup.unwrapped($0)) }
    var numbers = Set(reading.layerNumbers)
    for item in skippedTensors where item.reason == .quantised {
      if let found = parse(item.tensor.name.string), names.contains(found.stack) { numbers.insert(found.number) }
    }
    self.numbers = numbers.sorted()
  }

  /// Layers that are not known from names. A tensor outside of all layers has its full name as its role.
  init(layers: [Int]) {
    numbers = layers
    parse = { _ in nil }
  }

  /// The assignment of a parameter by its name alone: the layer is the one in the name, and the role is the rest of the name,
  /// unless it is a Llama name.
  func assignment(of parameter: Int, named name: String) -> WeightAssignment {
    if let found = parse(name), names.contains(found.stack) {
      let role = LlamaNaming.roleInside(found.rest) ?? Role(name: Self.withoutWeight(found.rest))
      return WeightAssignment(parameter: parameter, role: role, layer: found.number, expert: found.expert)
    }
    let role = names.lazy.sorted().compactMap { LlamaNaming.roleOutside(name, stack: $0) }.first
    return WeightAssignment(parameter: parameter, role: role ?? Role(name: Self.withoutWeight(name)))
  }

  private static func withoutWeight(_ name: String) -> String {
    name.hasSuffix(".weight") ? String(name.dropLast(".weight".utf8.count)) : name
  }
}
