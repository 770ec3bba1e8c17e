public import Safetensors

/// A checkpoint read as a model: which tensor plays which role in which layer.
///
/// ```swift
/// let anatomy = Anatomy(of: try Checkpoint.open("aurora"))
/// anatomy.layers          // 4
/// anatomy.weights.count   // 39
/// anatomy.dimensions.hiddenSize
/// ```
///
/// It is read off the tensors' names and shapes; a config or a model card has no part in it. Every tensor of the
/// checkpoint is in exactly one of `weights` and `setAside`. Cost: O(tensors · length of a name).
public struct Anatomy: Sendable {
  /// Where the tensors' bytes come from.
  public let checkpoint: Checkpoint
  /// The weights, by layer (those outside of all layers first), role and expert.
  public let weights: [Weight]
  /// What is not compared as a weight.
  public let setAside: [SetAside]
  /// Number of layers in the main stack: the one that holds most parameters.
  public var layers: Int { layerNumbers.count }
  /// The numbers that names give to the layers, ascending: mostly 0, 1, 2, …, but a single shard may begin at 7.
  public let layerNumbers: [Int]
  /// What to know of this reading.
  public let warnings: [String]

  /// Reads `checkpoint` as a model; there is nothing that it cannot read.
  public init(of checkpoint: Checkpoint) {
    let names = Set(checkpoint.tensors.map(\.name))
    var kept: [Tensor] = []
    var setAside: [SetAside] = []
    for tensor in checkpoint.tensors {
      if let reason = SetAside.reason(for: tensor, among: names) {
        setAside.append(SetAside(tensor: tensor, reason: reason))
      } else {
        kept.append(tensor)
      }
    }
    // Layers are counted over all tensors: a quantised layer is a layer too.
    let stack = MainStack(of: checkpoint.tensors)
    self.checkpoint = checkpoint
    self.setAside = setAside
    layerNumbers = stack.numbers
    weights = Self.inOrder(kept.map { stack.weight(for: $0, of: checkpoint) })
    warnings = checkpoint.warnings + Self.warnings(about: setAside)
  }

  /// Parameters of all weights.
  public var parameters: Int { weights.reduce(0) { $0 + $1.parameters } }

  /// True when there is a token embedding and no head of its own: the head is the embedding (FORMAT.md 2.4).
  ///
  /// nil when there is no embedding, or when the model ends before its head, as a single shard does.
  public var hasTiedEmbeddings: Bool? {
    let roles = Set(weights.map(\.role))
    guard roles.contains(.embedTokens) else { return nil }
    if roles.contains(.lmHead) { return false }
    // The final norm stands right in front of the head. A few families (OLMo) have norms without gains: there a layer
    // has to be whole.
    let hasNorms = roles.contains(.inputNorm) || roles.contains(.postAttentionNorm)
    return roles.contains(.finalNorm) || (!hasNorms && roles.contains(.downProj)) ? true : nil
  }

  /// By layer (those outside of all layers first), role, expert and name. Places are sorted, and roles by their ranks, because
  /// to move a weight or to look a role up costs more than the rest of a comparison.
  private static func inOrder(_ weights: [Weight]) -> [Weight] {
    let roles = Set(weights.map(\.role)).sorted()
    let ranks = Dictionary(uniqueKeysWithValues: zip(roles, 0...))
    let keys = weights.map { ($0.layer ?? -1, ranks[$0.role] ?? roles.count, $0.expert ?? -1) }
    return weights.indices.sorted { a, b in
      keys[a] == keys[b] ? weights[a].tensor.name < weights[b].tensor.name : keys[a] < keys[b]
    }.map { weights[$0] }
  }

  private static func warnings(about setAside: [SetAside]) -> [String] {
    let count = { (reason: SetAside.Reason) in setAside.count { $0.reason == reason } }
    var found: [String] = []
    if count(.quantised) > 0 {
      found.append("\(count(.quantised)) tensors hold quantised codes and scales; they are left out of the comparison")
    }
    if count(.integer) > 0 {
      found.append("\(count(.integer)) tensors hold integers that are no weights; they are left out of the comparison")
    }
    return found
  }
}
