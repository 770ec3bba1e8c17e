import Checkpoints
import ElementTypes
import TensorFiles

/// Tensors that hold all layers of a model: `[layer, out, in]`, as programs store them that run layers in a loop, or the rows of all layers
/// below each other.
///
///     model.layers.mlp.up_proj.weight [6, 352, 128] or [2112, 128]     six parameters model.layers.N.mlp.up_proj.weight [352, 128]
///
/// The names say that it is so: a word for layers without a number. The shapes of a group of such tensors say how many layers there are:
/// their first dimension, or how many times as long as the width of the token table the gains are.
struct LayerStacks {
  /// For each name before the number, the layers.
  private var stacks: [String: (layers: Int, isOuter: Bool)] = [:]

  private static let words: Set<Substring> = ["layers", "layer", "blocks", "block", "h"]
  private static let firstLetters: [UInt8] = words.compactMap(\.utf8.first)
  private static let mostLayers = 1024

  /// Reads the names and shapes of all tensors. O(tensors).
  init(among tensors: QuantisedTensors) {
    var groups: [Substring: [Tensor]] = [:]
    var numbered: Set<Substring> = []
    for tensor in tensors.checkpoint.tensors where tensor.elementCount > 0 {
      guard let (prefix, isNumbered) = Self.prefix(of: tensor.name.string) else { continue }
      if isNumbered { numbered.insert(prefix) } else { groups[prefix, default: []].append(tensor) }
    }
    // Most models have none, and their names need not be divided again.
    guard !groups.isEmpty else { return }
    let widths = Set(
      tensors.checkpoint.tensors.filter { $0.shape.count == 2 && $0.elementCount > 0 && Self.prefix(of: $0.name.string) == nil }
        .map { tensors.shape($0)[1] })
    for (prefix, group) in groups where !numbered.contains(prefix) && group.allSatisfy(Self.isPlain) {
      if let layers = Self.outer(group, tensors) {
        stacks[String(prefix)] = (layers, true)
      } else if widths.count == 1, let width = widths.first, let layers = Self.rows(group, tensors, width: width) {
        stacks[String(prefix)] = (layers, false)
      }
    }
  }

  /// The name up to a word for layers and its dot, and whether a number follows. The first such word counts.
  private static func prefix(of name: String) -> (prefix: Substring, isNumbered: Bool)? {
    let (bytes, dot) = (name.utf8, UInt8(ascii: "."))
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: dot) {
      let next = bytes.index(after: end)
      // Hashing each component of each name would cost more than all else here.
      if firstLetters.contains(bytes[start]), words.contains(name[start..<end]) {
        let component = bytes[next...].prefix { $0 != dot }
        return (name[..<next], component.allSatisfy { (0x30...0x39).contains($0) })
      }
      start = next
    }
    return nil
  }

  /// The layers of tensors that have one more dimension in front: matrices have three at least, and gains two. (The first dimension of
  /// a convolution's tensors is one length, too, but its gains have one dimension.)
  private static func outer(_ group: [Tensor], _ tensors: QuantisedTensors) -> Int? {
    let first = tensors.shape(group[0])[0]
    guard 2...mostLayers ~= first, group.allSatisfy({ $0.shape.count >= 2 && tensors.shape($0)[0] == first }),
      group.count(where: { $0.shape.count >= 3 }) >= 2, group.contains(where: { $0.shape.count == 2 })
    else { return nil }
    return first
  }

  /// The layers of tensors whose rows are those of all layers.
  private static func rows(_ group: [Tensor], _ tensors: QuantisedTensors, width: Int) -> Int? {
    guard group.allSatisfy({ 1...2 ~= $0.shape.count }), group.count(where: { $0.shape.count == 2 }) >= 2,
      let gain = group.filter({ $0.shape.count == 1 && isGain($0.name.string) }).map({ tensors.shape($0)[0] }).max(),
      gain % width == 0, 2...mostLayers ~= gain / width, group.allSatisfy({ tensors.shape($0)[0] % (gain / width) == 0 })
    else { return nil }
    return gain / width
  }

  private static func isGain(_ name: String) -> Bool { name.contains("norm") || name.contains("ln_") }

  private static func isPlain(_ tensor: Tensor) -> Bool {
    guard !tensor.shape.isEmpty, let type = tensor.type else { return false }
    return [.f64, .f32, .f16, .bf16].contains(type)
  }

  /// The parameters of all layers that a tensor holds; nil for a tensor that holds those of one. O(layers).
  func parameters(of tensor: Tensor, among tensors: QuantisedTensors) -> [Parameter]? {
    guard !stacks.isEmpty, let (prefix, _) = Self.prefix(of: tensor.name.string), let (layers, isOuter) = stacks[String(prefix)]
    else {
      return nil
    }
    var shape = tensors.shape(tensor)
    if isOuter { shape.removeFirst() } else { shape[0] /= layers }
    let (rest, count) = (tensor.name.string.utf8.dropFirst(prefix.utf8.count), tensor.elementCount / layers)
    return (0..<layers).compactMap { layer in
      guard let slice = tensors.checkpoint.slice(of: tensor, elements: layer * count..<(layer + 1) * count) else { return nil }
      return Parameter(
        name: "\(prefix)\(layer).\(Substring(rest))", tensor: tensor, shape: shape,
        decoded: StoredMatrix(slice, columns: shape[shape.count - 1]), quantisation: nil)
    }
  }
}
