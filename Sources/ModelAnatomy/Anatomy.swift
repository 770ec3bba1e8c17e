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
/// It is read off the tensors' names and shapes; a config or a model card has no part in it. Every tensor of the checkpoint is
/// in exactly one of `weights` and `setAside`, or is a part (scales, zero points, …) of a quantised weight whose codes are.
/// Cost: O(tensors · length of a name).
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
  /// How weights are quantised, in words (`4-bit GPTQ, group 128`), and how many parameters are.
  public let quantisations: [String: Int]
  /// What to know of this reading.
  public let warnings: [String]

  /// Reads `checkpoint` as a model; there is nothing that it cannot read.
  public init(of checkpoint: Checkpoint) {
    let parameters = Parameters(of: checkpoint)
    // Layers are counted over all tensors: a quantised layer is a layer too.
    let stack = MainStack(of: checkpoint.tensors)
    self.checkpoint = checkpoint
    setAside = parameters.setAside
    quantisations = parameters.all.reduce(into: [:]) { counts, parameter in
      if let words = parameter.quantisation { counts[words, default: 0] += parameter.count }
    }
    layerNumbers = stack.numbers
    weights = parameters.all.map { stack.weight(for: $0, of: checkpoint) }.sorted(by: Self.areInOrder)
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

  private static func areInOrder(_ a: Weight, _ b: Weight) -> Bool {
    if a.layer != b.layer { return (a.layer ?? -1) < (b.layer ?? -1) }
    if a.role != b.role { return a.role < b.role }
    if a.expert != b.expert { return (a.expert ?? -1) < (b.expert ?? -1) }
    return a.tensor.name < b.tensor.name
  }

  private static func warnings(about setAside: [SetAside]) -> [String] {
    let count = { (reason: SetAside.Reason) in setAside.count { $0.reason == reason } }
    var found: [String] = []
    if count(.quantised) > 0 {
      let formats = Set(setAside.compactMap(\.detail)).sorted()
      let named = formats.isEmpty ? "" : " (\(formats.prefix(3).joined(separator: "; "))\(formats.count > 3 ? "; …" : ""))"
      found.append("\(count(.quantised)) tensors hold quantised codes and scales\(named); they are left out of the comparison")
    }
    if count(.integer) > 0 {
      found.append("\(count(.integer)) tensors hold integers that are no weights; they are left out of the comparison")
    }
    return found
  }
}
