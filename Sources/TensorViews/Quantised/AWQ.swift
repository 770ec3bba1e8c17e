import ElementTypes
import Quantisation
import TensorFiles

/// AWQ's files in the layout of its matrix product ("gemm"): `qweight`, `qzeros` and `scales` of a module. Source: AutoAWQ
/// 88e4c76; see <doc:Formats>.
enum AWQ {
  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard let stem = tensor.stem(before: "qweight"), tensor.shape.count == 2, let scales = tensors.tensor(stem + "scales"),
      scales.shape.count == 2
    else { return nil }
    let (codes, scaleShape) = (tensors.shape(tensor), tensors.shape(scales))
    let zeros = tensors.tensor(stem + "qzeros")
    let parts = [tensor, scales] + [zeros, tensors.tensor(stem + "g_idx")].compactMap(\.self)
    if tensor.type == .i16 { return .unreadable("AWQ in the gemv_fast or marlin layout", parts: parts) }
    guard tensor.holdsWords, scaleShape[1] / 8 == codes[1], scaleShape[1] % 8 == 0, codes[0] > scaleShape[0] || codes[0] == 1
    else {
      // AWQ's matrix-vector product reads one row of words per output; other shapes belong to other formats.
      return scaleShape[0] == codes[0] && scaleShape[1] != codes[1]
        ? .unreadable("AWQ in the gemv layout", parts: parts) : nil
    }
    let (inputs, outputs, groups) = (codes[0], scaleShape[1], scaleShape[0])
    guard inputs % groups == 0, zeros.map({ $0.holdsWords && tensors.shape($0) == [groups, codes[1]] }) ?? true else {
      return .unreadable("AWQ with \(groups) groups of \(inputs) inputs, or zero points that do not fit", parts: parts)
    }
    let format = WordCodes(
      .awq, bits: 4, inputs: inputs, outputs: outputs, group: inputs / groups, groupCount: groups,
      scaleType: tensors.run(scales).type)
    let source = format.flatMap {
      PackedMatrix(
        $0, tensors.parts(tensor, scales, zeros: zeros))
    }
    return DecodedParameter(
      stem + "weight", tensor, shape: [outputs, inputs], source: source,
      quantisation: "4-bit AWQ, \(groups == 1 ? "per channel" : "group \(inputs / groups)")", hasOutputRows: true, parts: parts)
  }
}
