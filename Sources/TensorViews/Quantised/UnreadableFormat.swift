import ElementTypes
import TensorFiles

/// A format of quantised weights that is recognised by the names of its tensors but not decoded: its tensors are reported and
/// skipped.
struct UnreadableFormat {
  /// The common name.
  let name: String
  /// Name endings that a module of the format must have all, the ending of the codes first.
  let marks: [String]
  /// Further name endings of such a module.
  let others: [String]

  /// Known formats. Sources: their writers, and the readers in transformers and vLLM.
  static let all: [UnreadableFormat] = [
    UnreadableFormat(name: "AQLM", marks: ["codes", "codebooks"], others: ["scales"]),
    UnreadableFormat(
      name: "VPTQ", marks: ["indices", "centroids.weight"],
      others: [
        "res_centroids.weight", "outlier_centroids.weight", "outlier_indices", "weight_scale", "weight_bias", "perm",
        "invert_perm",
      ]),
    UnreadableFormat(
      name: "QuIP#", marks: ["Qidxs"], others: ["SU", "SV", "Wscale", "codebook_id", "fuse_scales", "A", "B", "rcp", "scaleWH"]),
    UnreadableFormat(name: "EXL3", marks: ["trellis", "suh"], others: ["svh", "su", "sv", "mcg", "mul1"]),
    UnreadableFormat(name: "QTIP", marks: ["trellis"], others: ["SU", "SV", "tlut", "rcp", "tp_rank"]),
    UnreadableFormat(name: "marlin", marks: ["B", "s"], others: ["workspace"]),
    UnreadableFormat(name: "EETQ", marks: ["weight", "weight_scales"], others: []),
    UnreadableFormat(
      name: "quanto", marks: ["weight._data", "weight._scale"],
      others: ["weight._shift", "weight._qtype", "weight._size", "weight._stride", "weight._axis", "weight._group_size"]),
    UnreadableFormat(name: "HIGGS", marks: ["weight", "tables", "tables2"], others: ["scales"]),
    UnreadableFormat(
      name: "sparse 2:4 bitmask", marks: ["compressed", "bitmask"], others: ["shape", "row_offsets", "weight_scale"]),
    UnreadableFormat(name: "BitNet's ternary packing", marks: ["weight", "weight_scale"], others: []),
  ]

  /// The format that `tensor` holds the codes of, or nil.
  static func read(_ tensor: Tensor, among tensors: QuantisedTensors) -> DecodedParameter? {
    guard tensor.type?.isFloatingPoint == false else { return nil }
    for format in all {
      guard let stem = tensor.stem(before: "." + format.marks[0]) else { continue }
      let found = { (endings: [String]) in endings.compactMap { tensors.tensor("\(stem).\($0)") } }
      let marks = found(format.marks)
      if marks.count == format.marks.count { return .unreadable(format.name, parts: marks + found(format.others)) }
    }
    return nil
  }
}
