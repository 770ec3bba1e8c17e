import Checkpoints
package import TensorFiles
import TensorViews

/// The sizes that a model's tensors show; nil when they do not show them.
package struct Dimensions: Sendable, Equatable {
  /// Width of the residual stream.
  package var hiddenSize: Int?
  /// Neurons of an MLP (of one expert).
  package var intermediateSize: Int?
  /// Query heads. Shapes alone do not show their number, unless a norm or a stored frequency table gives the size of a head.
  package var attentionHeads: Int?
  /// Key and value heads, likewise.
  package var keyValueHeads: Int?
  /// Rows of the token embedding.
  package var vocabulary: Int?
  /// Experts of a layer; nil for a dense model.
  package var experts: Int?
}

extension Anatomy {
  /// The sizes, each read from the first tensor that shows it.
  package var dimensions: Dimensions {
    let wanted: Set<Role> = [.qProj, .kProj, .gateProj, .upProj, .embedTokens, .lmHead, .router]
    var firsts: [Role: Int] = [:]
    for i in weights.indices where wanted.contains(weights[i].role) && firsts[weights[i].role] == nil {
      firsts[weights[i].role] = i
    }
    let first = { (role: Role) in firsts[role].map { weights[$0] } }
    var found = Dimensions()
    // An embedding may be narrower than the residual stream.
    found.hiddenSize = (first(.qProj) ?? first(.upProj) ?? first(.embedTokens))?.columns
    found.intermediateSize = (first(.gateProj) ?? first(.upProj))?.rows
    found.vocabulary = (first(.embedTokens) ?? first(.lmHead))?.rows
    found.experts = weights.compactMap(\.expert).max().map { $0 + 1 } ?? first(.router)?.rows
    // A size from a config or from another model is excluded, because the tensors do not show it.
    if let headSize, [.tensors, .weights].contains(headSize.source) {
      let head = headSize.size
      found.attentionHeads = first(.qProj).flatMap { $0.rows % head == 0 ? $0.rows / head : nil }
      found.keyValueHeads = first(.kProj).flatMap { $0.rows % head == 0 ? $0.rows / head : nil }
    }
    return found
  }

  /// How most of the quantised weights are quantised (`4-bit GPTQ, group 128`), or the format of codes that cannot be read; nil
  /// when nothing is quantised.
  package var quantisation: String? {
    // Among equal counts the first by name is taken, so that the choice does not depend on hashing.
    if let most = quantisations.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }) { return most.key }
    let codes = skippedTensors.filter { $0.reason == .quantised }
    return codes.isEmpty ? nil : codes.lazy.compactMap(\.detail).min() ?? "unknown"
  }

  /// How many tensors are stored in each way, of all tensors in the checkpoint.
  package var elementTypes: [StorageType: Int] {
    checkpoint.tensors.reduce(into: [:]) { $0[$1.storage, default: 0] += 1 }
  }
}
