import ElementTypes
import JSON
import Quantisation
import TensorFiles

/// GPTQ's files: `qweight`, `qzeros`, `scales` and `g_idx` of a module. Source: AutoGPTQ 9f7d370; see
/// <doc:Formats>.
enum GPTQ {
  /// The tensors of a module, and the properties that follow from their shapes.
  struct Module {
    var stem: String
    var codes: Tensor
    var parts: [Tensor]
    var matrix: PackedMatrix
    var words: String
  }

  static func read(_ tensor: Tensor, among tensors: QuantisedTensors, zeroOffset: Int) -> DecodedParameter? {
    guard let stem = tensor.stem(before: "qweight") else { return nil }
    let parts = [tensor] + ["qzeros", "scales", "g_idx"].compactMap { tensors.tensor(stem + $0) }
    switch module(tensor, stem, among: tensors) {
    case .failure(let why): return .unreadable(why.problem, parts: parts)
    case .success(var module):
      module.matrix.format.zeroOffset = zeroOffset
      return DecodedParameter(
        stem + "weight", tensor, shape: [module.matrix.rows, module.matrix.columns], source: module.matrix,
        quantisation: module.words, hasOutputRows: true, parts: parts)
    }
  }

  /// Why a module cannot be read.
  struct Problem: Error {
    var problem: String
  }

  /// A module with the properties from its shapes; zero points are as stored.
  static func module(_ codes: Tensor, _ stem: String, among tensors: QuantisedTensors) -> Result<Module, Problem> {
    let fail = { (problem: String) in Result<Module, Problem>.failure(Problem(problem: problem)) }
    guard codes.holdsWords, codes.shape.count == 2, let scales = tensors.tensor(stem + "scales"), scales.shape.count == 2 else {
      return fail("GPTQ or AWQ codes without their scales")
    }
    let (words, outputs, groupCount) = (tensors.shape(codes)[0], tensors.shape(codes)[1], tensors.shape(scales)[0])
    guard tensors.shape(scales)[1] == outputs else { return fail("GPTQ in an unknown layout (marlin)") }
    let zeros = tensors.tensor(stem + "qzeros"), index = tensors.tensor(stem + "g_idx")
    if let zeros, !zeros.holdsWords || zeros.shape.count != 2 || tensors.shape(zeros)[0] != groupCount {
      return fail("GPTQ with zero points that do not fit its scales")
    }
    guard let bits = bits(words, outputs, zeros.map { tensors.shape($0)[1] }, index, tensors.config) else {
      return fail("GPTQ with tensors of inconsistent bit widths")
    }
    let inputs = words * 32 / bits
    guard index == nil || (index?.shape.count == 1 && index?.elementCount == inputs) else {
      return fail("GPTQ with groups for another number of inputs")
    }
    let order: Order
    switch index {
    case let index?:
      guard index.holdsWords, let found = Order(tensors.numbers(index), groupCount) else {
        return fail("GPTQ with inputs in groups that do not exist")
      }
      order = found
    case nil:
      guard let group = group(inputs, groupCount, hint: tensors.config?["group_size"]?.integer) else {
        return fail("GPTQ with \(groupCount) groups of \(inputs) inputs")
      }
      order = Order(group: group, isSequential: true)
    }
    let format = WordCodes(
      .gptq, bits: bits, inputs: inputs, outputs: outputs, group: order.group, groupCount: groupCount,
      scaleType: tensors.run(scales).type)
    guard let format,
      let matrix = PackedMatrix(
        format, tensors.parts(codes, scales, zeros: zeros, groups: order.isSequential ? nil : index))
    else { return fail("GPTQ with parts that do not fit together") }
    let size = groupCount == 1 ? "per channel" : "group \(order.group)"
    let text = "\(bits)-bit GPTQ, \(size)\(order.isSequential ? "" : ", act-order")"
    return .success(Module(stem: stem, codes: codes, parts: [], matrix: matrix, words: text))
  }

  /// The order in which inputs belong to groups.
  struct Order: Equatable {
    /// Inputs of a group.
    var group: Int
    /// Whether a group's inputs are consecutive, the groups in order.
    var isSequential: Bool

    init(group: Int, isSequential: Bool) {
      self.group = group
      self.isSequential = isSequential
    }

    /// The order of the groups of all inputs; nil if there is none.
    init?(_ groups: [Double]?, _ count: Int) {
      guard let groups, groups.allSatisfy({ $0 >= 0 && $0 < Double(count) }) else { return nil }
      let first = groups.firstIndex { $0 != groups[0] } ?? groups.count
      isSequential = (groups.count - 1) / first + 1 == count && groups.indices.allSatisfy { groups[$0] == Double($0 / first) }
      group = isSequential ? first : (groups.count - 1) / count + 1
    }
  }

  /// The bits of a code: by the number of inputs and by the width of the zero points, which must agree; by the config if both are
  /// missing.
  private static func bits(_ words: Int, _ outputs: Int, _ zeroWords: Int?, _ index: Tensor?, _ config: JSONValue?) -> Int? {
    let all = [2, 3, 4, 8].filter { bits in
      guard words * 32 % bits == 0 else { return false }
      if let zeroWords, outputs * bits != zeroWords * 32 { return false }
      if let index, index.elementCount != words * 32 / bits { return false }
      return true
    }
    if all.count == 1 { return all[0] }
    return config?["bits"]?.integer.flatMap { all.contains($0) ? $0 : nil }
  }

  /// Inputs of a group if this many groups hold all inputs: the quotient, or if there is a remainder, the power of two or the
  /// hint that gives this many groups.
  static func group(_ inputs: Int, _ groups: Int, hint: Int?) -> Int? {
    if inputs % groups == 0 { return inputs / groups }
    let powers = (3..<20).map { 1 << $0 } + [hint].compactMap(\.self).filter { $0 > 0 }
    return powers.first { (inputs - 1) / $0 + 1 == groups }
  }
}
