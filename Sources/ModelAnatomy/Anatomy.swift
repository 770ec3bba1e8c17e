public import Checkpoints
import TensorFiles

/// A checkpoint read as a model: which tensor plays which role in which layer.
///
/// ```swift
/// let anatomy = Anatomy(of: try Checkpoint.open("aurora"))
/// anatomy.layers          // 4
/// anatomy.weights.count   // 39
/// anatomy.dimensions.hiddenSize
/// ```
///
/// It is read off the tensors' names and shapes; a model card has no part in it, and a config only where nothing else tells how a fused
/// tensor is cut, or how gains are stored. Every tensor of the checkpoint is in `weights` (several times, when several weights are fused
/// in it) or in `setAside`, or is a part (scales, zero points, …) of a quantised weight whose codes are. Cost: O(total length of the
/// names), and some hundred rows of weights at most.
public struct Anatomy: Sendable {
  /// Where the tensors' bytes come from; for an adapter's model, where the adapter's do.
  public let checkpoint: Checkpoint
  /// The adapter whose model this is, and its base's checkpoint.
  public let adapter: (change: Adapter, base: Checkpoint)?
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

  /// The architecture whose names and shapes the file has (`llama`, `gpt2`, `qwen3_moe`, …), or nil when the table knows none.
  ///
  /// Members of a family that differ in nothing that tensors show (Llama, Mistral, Yi, …) are one: `llama`.
  public let architecture: String?
  /// Size of a head, when anything tells it or the reading depends on it.
  public let headSize: HeadSize?
  /// How weights are stored where that is not one matrix a tensor: `stored fused`, `experts stacked`, `transposed (Conv1D)`,
  /// `rotary pairs interleaved`.
  public let storage: [String]
  /// How roles were inferred from shapes and weights; nil where names tell them.
  public let inference: Inference?
  /// Other readings of the same tensors, the likelier first, where roles had to be inferred and the weights left a doubt; few, and none
  /// for names that are known. They have no alternatives of their own. O(weights) for each, when they are first asked for.
  public var alternatives: [Anatomy] { others?.value ?? [] }
  /// Most that is asked of a model asks for no other reading of it.
  private var others: Later<[Anatomy]>?
  let gains: GainIndex
  /// What it was read as, and every placement of its weights.
  let reading: Reading
  let placements: [Placement]
  /// The warnings of its files and of its adapter.
  let sourceWarnings: [String]

  /// Reads `checkpoint` as a model; there is nothing that it cannot read.
  ///
  /// With an adapter, `checkpoint` is its base, and the model is what the adapter makes of that.
  /// `headSize` overrides what tells the size of a head: where it is merely assumed, another of its `others` may be right.
  public init(of checkpoint: Checkpoint, with adapter: Adapter? = nil, headSize: Int? = nil) {
    let parameters = Parameters(of: checkpoint)
    self.init(of: checkpoint, parameters: parameters.all, setAside: parameters.setAside, headSize: headSize, adapter: adapter)
  }

  /// Reads `parameters` of `checkpoint` as a model, and `given` as what is left of it.
  init(of checkpoint: Checkpoint, parameters: [Parameter], setAside given: [SetAside], headSize: Int?, adapter: Adapter? = nil) {
    let application = adapter?.applied(to: parameters, of: checkpoint)
    let parameters = application?.parameters ?? parameters
    let frequencies = given.first { $0.reason == .buffer && $0.tensor.name.string.hasSuffix("inv_freq") }?.tensor.elementCount
    let hints = ReadingHints(checkpoint: checkpoint, headSize: headSize, frequencies: frequencies)
    let named = ArchitectureTable.shared.reading(of: parameters, hints: hints)
    let warnings = checkpoint.warnings + (adapter?.checkpoint.warnings ?? []) + (application?.warnings ?? [])
    let inferred = named.inferred(hints)
    self.init(inferred?.likeliest ?? named, of: checkpoint, setAside: given, adapter: adapter, warnings: warnings)
    others = inferred.map { inferred in
      Later {
        inferred.others().map { Anatomy($0, of: checkpoint, setAside: given, adapter: adapter, warnings: warnings) }
      }
    }
  }

  /// What `reading` makes of `checkpoint`.
  init(_ reading: Reading, of checkpoint: Checkpoint, setAside given: [SetAside], adapter: Adapter?, warnings: [String]) {
    let parameters = reading.parameters
    // Layers are counted over all tensors: a quantised layer is a layer too.
    let stack =
      reading.inference != nil
      ? MainStack(layers: reading.layerNumbers)
      : reading.architecture == nil ? MainStack(of: checkpoint.tensors) : MainStack(of: reading, setAside: given)
    let placements = reading.placements + reading.unplaced.map { stack.placement(of: $0, named: parameters[$0].name) }
    let weights = placements.map { placement in
      reading.parameters[placement.parameter].weight(
        placement.part, of: checkpoint, role: placement.role, layer: placement.layer, expert: placement.expert)
    }
    self.checkpoint = adapter?.checkpoint ?? checkpoint
    self.adapter = adapter.map { ($0, checkpoint) }
    setAside = given + reading.buffers.map { SetAside(tensor: parameters[$0].tensor, reason: .buffer) }
    quantisations = parameters.reduce(into: [:]) { counts, parameter in
      if let words = parameter.quantisation { counts[words, default: 0] += parameter.count }
    }
    layerNumbers = stack.numbers
    self.weights = Self.inOrder(weights)
    architecture = reading.architecture
    inference = reading.inference
    headSize = reading.headSize
    storage = reading.storage
    gains = GainIndex(self.weights, reading)
    self.reading = reading
    self.placements = placements
    sourceWarnings = warnings
    self.warnings = warnings + Self.warnings(about: setAside) + (reading.inference?.warnings ?? [])
  }

  /// The checkpoints that it is read from: one, or an adapter's and its base's.
  public var checkpoints: [Checkpoint] { adapter.map { [checkpoint, $0.base] } ?? [checkpoint] }

  /// Parameters of all weights.
  public var parameters: Int { weights.reduce(0) { $0 + $1.parameters } }

  /// True when there is a token embedding and no head of its own: the head is the embedding (FORMAT.md 2.4).
  ///
  /// nil when there is no embedding, or when the model ends before its head, as a single shard does.
  public var hasTiedEmbeddings: Bool? {
    let roles = Set(weights.map(\.role))
    guard roles.contains(.embedTokens) else { return nil }
    if roles.contains(.lmHead) { return false }
    // The final norm, or what maps to tokens' vectors in a model of masked tokens, stands right in front of the head.
    let fronts: [Role] = [.finalNorm, Role(name: "decoder.final_norm"), Role(name: "mlm_transform")]
    if fronts.contains(where: roles.contains) { return true }
    // A few families (OLMo) have norms without gains: there a layer has to be whole.
    let hasNorms = roles.contains { $0.isNormGain && $0 != .qNorm && $0 != .kNorm }
    return !hasNorms && roles.contains(.downProj) ? true : nil
  }

  /// By layer (those outside of all layers first), role, expert and name. Places are sorted, and roles by their ranks, because
  /// to move a weight or to look a role up costs more than the rest of a comparison.
  private static func inOrder(_ weights: [Weight]) -> [Weight] {
    let roles = Role.sorted(Set(weights.map(\.role)))
    let ranks = Dictionary(uniqueKeysWithValues: zip(roles, 0...))
    let keys = weights.map { ($0.layer ?? -1, ranks[$0.role] ?? roles.count, $0.expert ?? -1) }
    let names = weights.map(\.tensor.name)
    return weights.indices.sorted { a, b in keys[a] == keys[b] ? names[a] < names[b] : keys[a] < keys[b] }.map { weights[$0] }
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
