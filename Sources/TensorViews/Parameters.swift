package import Checkpoints
import TensorFiles

/// The parameters of a checkpoint as a program that runs it would load them, and the tensors that are not parameters.
///
/// Stored tensors that form one matrix, codes with their scales or two factors, are one parameter. Each tensor of the checkpoint is exactly one of three: a
/// parameter, a part of a parameter, or skipped.
package struct Parameters {
  /// The parameters, in byte order of the names of their tensors.
  package private(set) var all: [Parameter] = []
  /// The tensors that are not parameters.
  package private(set) var skippedTensors: [SkippedTensor] = []

  /// Reads `checkpoint`. O(tensors · log tensors), and reading the few numbers that determine how codes are decoded.
  package init(of checkpoint: Checkpoint) {
    let tensors = QuantisedTensors(checkpoint)
    let names = Set(checkpoint.tensors.map(\.name))
    let hints = Hints(
      zeroOffset: GPTQ.zeroOffset(among: tensors), widths: MLXWidths(among: tensors), ranks: RankParts(among: tensors))
    let stacks = LayerStacks(among: tensors)
    var parameters: [TensorName: Parameter] = [:]
    var parts: Set<TensorName> = []
    var unreadable: [TensorName: String] = [:]
    var named: Set<TensorName> = []
    for tensor in checkpoint.tensors where tensor.elementCount > 0 && !parts.contains(tensor.name) {
      switch Self.finding(tensor, among: tensors, hints) {
      case .parameter(let parameter, let members):
        let name = TensorName(parameter.name)
        if (name != tensor.name && names.contains(name)) || !named.insert(name).inserted {
          for part in members { unreadable[part.name] = "codes beside the weight that they stand for" }
        } else if members.contains(where: { parts.contains($0.name) || parameters[$0.name] != nil }) {
          for part in members { unreadable[part.name] = "codes with the scales of another tensor" }
        } else {
          parameters[tensor.name] = parameter
          parts.formUnion(members.map(\.name))
        }
      case .unreadable(let why, let members): for part in members { unreadable[part.name] = why }
      case nil: break
      }
    }
    let scaled = SkippedTensor.scaled(in: checkpoint.tensors)
    for tensor in checkpoint.tensors {
      if let parameter = parameters[tensor.name] {
        all.append(parameter)
      } else if parts.contains(tensor.name) {
        continue
      } else if let why = unreadable[tensor.name] {
        skippedTensors.append(SkippedTensor(tensor: tensor, reason: .quantised, detail: why))
      } else if let reason = SkippedTensor.reason(for: tensor, scaled: scaled) {
        skippedTensors.append(
          SkippedTensor(tensor: tensor, reason: reason, detail: tensor.type == nil ? tensor.storage.name : nil))
      } else if let layers = stacks.parameters(of: tensor, among: tensors) {
        all += layers
      } else {
        all.append(Parameter(tensor))
      }
    }
  }

  /// What only all tensors of a format together tell.
  private struct Hints {
    var zeroOffset: Int
    var widths: MLXWidths
    var ranks: RankParts
  }

  /// The result of the first format that recognises a tensor.
  private static func finding(_ tensor: Tensor, among tensors: QuantisedTensors, _ hints: Hints) -> DecodedParameter? {
    if tensor.type == nil { return BlockedWeights.read(tensor, among: tensors) }
    let packed =
      AWQ.read(tensor, among: tensors) ?? GPTQ.read(tensor, among: tensors, zeroOffset: hints.zeroOffset)
      ?? MLX.read(tensor, among: tensors, hints.widths) ?? CompressedTensors.read(tensor, among: tensors)
    if let packed { return packed }
    let scaled =
      BitsAndBytes.read(tensor, among: tensors) ?? Microscaling.read(tensor, among: tensors)
      ?? ScaledWeights.read(tensor, among: tensors) ?? HQQ.read(tensor, among: tensors) ?? EXL2.read(tensor, among: tensors)
    if let scaled { return scaled }
    return UnreadableFormat.read(tensor, among: tensors) ?? FactoredWeights.read(tensor, among: tensors)
      ?? hints.ranks.read(tensor, among: tensors)
  }
}
