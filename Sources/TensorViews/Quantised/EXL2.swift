import ElementTypes
import Quantisation
import TensorFiles

/// EXL2's files: `q_weight`, `q_scale`, `q_scale_max`, `q_groups` and the order of the inputs of a module. Source: exllamav2 0.3;
/// see <doc:Formats>.
enum EXL2 {
  private static let endings = ["q_scale", "q_scale_max", "q_groups", "q_perm", "q_invperm", "q_group_map"]

  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard let stem = tensor.stem(before: "q_weight"), tensor.holdsWords else { return nil }
    let parts = [tensor] + endings.compactMap { tensors.tensor(stem + $0) }
    guard parts.count > 1 else { return nil }
    let shape = tensors.shape(tensor)
    guard shape.count == 2, let steps = tensors.tensor(stem + "q_scale"), steps.holdsWords,
      let largest = tensors.tensor(stem + "q_scale_max"), largest.type == .f16, let limits = tensors.numbers(largest),
      let groups = groups(stem, tensors), groups.count == largest.elementCount, let places = places(stem, tensors),
      let format = MixedWords(outputs: shape[1], words: shape[0], groups: groups, places: places)
    else { return .unreadable("EXL2 with parts that do not fit", parts: parts) }
    let hundredths = format.bitsTimes100
    let fraction = hundredths % 100
    return DecodedParameter(
      stem + "weight", tensor, shape: [format.outputs, format.inputs],
      source: MixedMatrix(format, words: tensors.run(tensor), steps: tensors.run(steps), largest: limits.map { Float($0) }),
      quantisation: "EXL2, \(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) bits", hasOutputRows: true, parts: parts)
  }

  /// Pairs of the bits of a group and its first row of words.
  private static func groups(_ stem: String, _ tensors: QuantisedTensors) -> [MixedWords.Group]? {
    guard let stored = tensors.tensor(stem + "q_groups"), stored.elementCount % 2 == 0,
      let numbers = integers(stored, tensors, limit: 1 << 17)
    else { return nil }
    return (0..<numbers.count / 2).map { MixedWords.Group(bits: numbers[2 * $0], firstWord: numbers[2 * $0 + 1]) }
  }

  /// The place of each input; `q_perm` has the input at each place.
  private static func places(_ stem: String, _ tensors: QuantisedTensors) -> [Int]? {
    if let stored = tensors.tensor(stem + "q_invperm") { return integers(stored, tensors, limit: 1 << 20) }
    guard let stored = tensors.tensor(stem + "q_perm"), let inputs = integers(stored, tensors, limit: 1 << 20) else { return nil }
    var places = [Int](repeating: -1, count: inputs.count)
    for (place, input) in inputs.enumerated() {
      guard places.indices.contains(input) else { return nil }
      places[input] = place
    }
    return places
  }

  /// Whole numbers; those of 16 bits have no sign.
  private static func integers(_ tensor: Tensor, _ tensors: QuantisedTensors, limit: Int) -> [Int]? {
    guard tensor.elementCount <= limit, let numbers = tensors.numbers(tensor) else { return nil }
    let offset = tensor.type == .i16 ? 1 << 16 : 0
    let found = numbers.compactMap { number in Int(exactly: number).map { $0 < 0 ? $0 + offset : $0 } }
    return found.count == numbers.count ? found : nil
  }
}
