import Checkpoints
import ElementTypes
import TensorFiles

/// Tensor-parallel parts: a model whose tensors are cut for several processors, each with its own names (`rank_0.…`, `rank_1.…`).
///
///     rank_0.model.layers.0.mlp.up_proj.weight   [176, 128]
///     rank_1.model.layers.0.mlp.up_proj.weight   [176, 128]   together model.layers.0.mlp.up_proj.weight [352, 128]
///
/// Matrices that read the residual stream are cut by rows, and those that write it by columns (Shoeybi et al., Megatron-LM, 2019). So the side
/// that is the model's width is whole; where both or none are, the name decides. Tensors that all parts have alike are not cut.
struct RankParts {
  /// What the names of each part begin with, in order; empty when the model is not cut.
  private var prefixes: [String] = []
  /// The length of most gains.
  private var width: Int?

  /// The words before the number of a part.
  private static let words = ["rank", "rank_", "tp_rank_", "mp_rank_", "model_parallel_rank_"]
  /// Modules that write the residual stream, by their last component.
  private static let writers: Set<String> = [
    "o_proj", "down_proj", "out_proj", "c_proj", "dense_4h_to_h", "dense", "wo", "w2", "linear_proj", "linear_fc2", "fc2",
  ]

  /// Reads the names of all tensors. O(tensors).
  init(among tensors: QuantisedTensors) {
    var found: [String: [Int: String]] = [:]
    for tensor in tensors.checkpoint.tensors {
      guard let (word, number, prefix) = Self.prefix(of: tensor.name.string) else { return }
      // Two spellings of one number are two names, of which one would be lost.
      if let other = found[word, default: [:]].updateValue(prefix, forKey: number), other != prefix { return }
    }
    guard found.count == 1, let parts = found.values.first, parts.count > 1 else { return }
    let inOrder = (0..<parts.count).compactMap { parts[$0] }
    guard inOrder.count == parts.count else { return }
    prefixes = inOrder
    var lengths: [Int: Int] = [:]
    for tensor in tensors.checkpoint.tensors where tensor.shape.count == 1 && tensor.name.string.contains("norm") {
      lengths[tensors.shape(tensor)[0], default: 0] += 1
    }
    width = lengths.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
  }

  /// The word, the number and the whole of the first component, if it is that of a part.
  private static func prefix(of name: String) -> (word: String, number: Int, prefix: String)? {
    guard let end = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let component = Substring(name.utf8[..<end])
    let digits = component.utf8.reversed().prefix { (0x30...0x39).contains($0) }.count
    let word = String(component.dropLast(digits))
    guard 1...4 ~= digits, words.contains(word), let number = Int(component.suffix(digits)) else { return nil }
    return (word, number, component + ".")
  }

  /// The whole tensor of which `tensor` is the part of the first processor; nil for all others.
  func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard let first = prefixes.first, tensor.name.string.utf8.starts(with: first.utf8) else { return nil }
    let name = String(Substring(tensor.name.string.utf8.dropFirst(first.utf8.count)))
    let parts = [tensor] + prefixes.dropFirst().compactMap { tensors.tensor($0 + name) }
    guard !name.isEmpty, parts.allSatisfy(Self.isPlain), parts.count == 1 || parts.count == prefixes.count else { return nil }
    if parts.count == 1 || isWhole(parts, tensors) {
      var parameter = Parameter(tensor)
      parameter.name = name
      return .parameter(parameter, parts: parts)
    }
    guard 1...2 ~= tensor.shape.count, parts.allSatisfy({ $0.shape.count == tensor.shape.count }) else { return nil }
    let sources = parts.map { StoredMatrix(tensors.run($0), columns: tensors.shape($0).last ?? 1) }
    let axis = axis(of: name, tensors.shape(tensor))
    guard let joined = JoinedMatrix(sources, along: axis), joined.rows <= .max / joined.columns else {
      return .unreadable("tensor-parallel parts that do not fit together", parts: parts)
    }
    let shape = tensor.shape.count == 1 ? [joined.columns] : [joined.rows, joined.columns]
    return .parameter(Parameter(name: name, tensor: tensor, shape: shape, decoded: joined, quantisation: nil), parts: parts)
  }

  private func axis(of name: String, _ shape: [Int]) -> JoinedMatrix.Axis {
    guard shape.count == 2 else { return .columns }
    if let width, (shape[0] == width) != (shape[1] == width) { return shape[1] == width ? .rows : .columns }
    return name.split(separator: ".").dropLast().last.map { Self.writers.contains(String($0)) } == true ? .columns : .rows
  }

  /// Whether all parts are the same tensor: a gain of the whole width, or equal first bytes.
  private func isWhole(_ parts: [Tensor], _ tensors: QuantisedTensors) -> Bool {
    guard parts.allSatisfy({ $0.shape == parts[0].shape && $0.type == parts[0].type }) else { return false }
    if parts[0].shape.count == 1, tensors.shape(parts[0]) == [width] { return true }
    let count = min(parts[0].elementCount, 256)
    guard let first = tensors.numbers(parts[0], 0..<count) else { return false }
    return parts.dropFirst().allSatisfy { tensors.numbers($0, 0..<count) == first }
  }

  private static func isPlain(_ tensor: Tensor) -> Bool {
    guard let type = tensor.type else { return false }
    return [.f64, .f32, .f16, .bf16].contains(type)
  }
}
