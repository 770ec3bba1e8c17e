import Checkpoints
import JSON
import TensorFiles

/// The bits and group sizes of MLX's affine codes, as the shapes of a checkpoint tell them.
///
/// The shapes of a module give the product of bits and group alone: 256 is 4 bits in groups of 64, 8 in groups of 32, or 2 in groups of 128,
/// which differ in the number of inputs. Inputs of a module are outputs of another one, or have a gain each; so that reading of a
/// product is taken under which most modules have such a number of inputs. Where several are equal, the configuration decides, then
/// the number of modules that read as many channels as a gain has, as most do, then the group that most modules have.
struct MLXWidths {
  /// Bits of a code, and inputs of a group.
  struct Width: Hashable {
    var bits: Int
    var group: Int
  }

  /// All widths that MLX writes, its default first.
  private static let all: [Width] = [64, 32, 128].flatMap { group in [4, 8, 6, 5, 3, 2].map { Width(bits: $0, group: group) } }

  /// The modules whose inputs a width explains.
  private struct Count {
    var lengths = 0
    var gains = 0
  }

  /// Lengths of sides that inputs may have: outputs of matrices, and vectors.
  private var lengths: Set<Int> = []
  private var explained: [Width: Count] = [:]
  /// For each group, the modules that it explains.
  private var byGroup: [Int: Int] = [:]

  /// Reads the shapes of all tensors. O(tensors).
  init(among tensors: QuantisedTensors) {
    let modules = tensors.checkpoint.tensors.compactMap { tensor in
      tensor.elementCount > 0 && tensor.holdsWords ? MLXModule(tensor, among: tensors) : nil
    }.filter { $0.biases != nil && $0.fits(among: tensors) }
    guard !modules.isEmpty else { return }
    var gains: Set<Int> = []
    for tensor in tensors.checkpoint.tensors where tensor.elementCount > 0 {
      let shape = tensors.shape(tensor)
      if shape.count == 1 { gains.insert(shape[0]) }
      if shape.count >= 2 { lengths.insert(shape[shape.count - 2]) }
    }
    lengths.formUnion(gains)
    for module in modules {
      for width in Self.candidates(module) where lengths.contains(module.groups * width.group) {
        explained[width, default: Count()].lengths += 1
        if gains.contains(module.groups * width.group) { explained[width, default: Count()].gains += 1 }
        byGroup[width.group, default: 0] += 1
      }
    }
  }

  /// The width of a module; nil when none fits its shapes. `hint` is the configuration: widths for all modules, and for single ones
  /// by name.
  func width(of module: MLXModule, hint: JSONValue?) -> Width? {
    var best = Self.candidates(module)
    best = Self.highest(best) { lengths.contains(module.groups * $0.group) ? 1 : 0 }
    best = Self.highest(best) { explained[$0]?.lengths ?? 0 }
    for hint in [hint?[String(module.stem.dropLast())], hint] {
      guard let bits = hint?["bits"]?.integer, let group = hint?["group_size"]?.integer else { continue }
      if let found = best.first(where: { $0 == Width(bits: bits, group: group) }) { return found }
    }
    best = Self.highest(best) { explained[$0]?.gains ?? 0 }
    return Self.highest(best) { byGroup[$0.group] ?? 0 }.first
  }

  /// The widths of the highest score, in order.
  private static func highest(_ widths: [Width], by score: (Width) -> Int) -> [Width] {
    let most = widths.map(score).max()
    return widths.filter { score($0) == most }
  }

  /// The widths with which the module's words hold its groups. Sizes that cannot be counted have none.
  private static func candidates(_ module: MLXModule) -> [Width] {
    guard module.groups > 0, module.words <= .max / 32, module.groups <= .max / 128, module.words * 32 % module.groups == 0 else {
      return []
    }
    let product = module.words * 32 / module.groups
    return all.filter { $0.bits * $0.group == product }
  }
}
