import Quantisation
import TensorFiles

/// Tensors of GGUF files that are stored in blocks: one tensor is one parameter, with its scales inside.
enum BlockedWeights {
  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard case .blocks(let format) = tensor.storage else { return nil }
    guard BlockType(name: format.name) != nil else { return .unreadable(format.name, parts: [tensor]) }
    let shape = tensors.shape(tensor)
    let source = BlockedMatrix(tensors.run(tensor), columns: shape.last ?? 1)
    return DecodedParameter(
      tensor.name.string, tensor, shape: shape, source: source, quantisation: "GGUF \(format.name)", parts: [tensor])
  }
}
