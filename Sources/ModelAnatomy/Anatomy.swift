package import Adapters
package import Checkpoints
package import ReadingFacts
import TensorFiles
package import TensorViews

/// A checkpoint read as a model: the role and the layer of every tensor.
///
/// ```swift
/// let anatomy = ModelReading.anatomy(of: try Checkpoint.open("aurora"))
/// anatomy.layers          // 4
/// anatomy.weights.count   // 39
/// anatomy.dimensions.hiddenSize
/// ```
///
/// Every tensor of the checkpoint is in `weights` (several times, when several weights are fused in it) or in `skippedTensors`,
/// or it is a part (scales, zero points, …) of a quantised weight whose codes are in `weights`. Roles come from the names and
/// shapes of the tensors, and from their numbers where names give no role. A model card is never read. A config is read only when
/// nothing else shows how a fused tensor is cut or how gains are stored. `ModelReading` creates the anatomy of a checkpoint.
package struct Anatomy: Sendable {
  /// The checkpoint that holds the tensors; for the model of an adapter, the adapter's checkpoint.
  package let checkpoint: Checkpoint
  /// The adapter that gives this model when applied to its base, and the base's checkpoint.
  package let adapter: (change: Adapter, base: Checkpoint)?
  /// The weights, by layer (those outside of all layers first), role and expert.
  package let weights: [Weight]
  /// The tensors that are not compared as weights.
  package let skippedTensors: [SkippedTensor]
  /// Number of layers in the main stack: the stack that holds most parameters.
  package var layers: Int { layerNumbers.count }
  /// The numbers that names give to the layers, ascending: mostly 0, 1, 2, …, but a single shard may begin at 7.
  package let layerNumbers: [Int]
  /// The kinds of quantisation (`4-bit GPTQ, group 128`), each with its number of parameters.
  package let quantisations: [String: Int]
  /// Warnings for the user about this reading.
  package let warnings: [ReadingFact]

  /// The architecture that matches the names and shapes in the file (`llama`, `gpt2`, `qwen3_moe`, …), or nil when the table has
  /// none.
  ///
  /// Members of a family with identical tensor names and shapes (Llama, Mistral, Yi, …) count as one architecture: `llama`.
  package let architecture: String?
  /// Size of a head; nil when it is unknown and the reading does not depend on it.
  package let headSize: HeadSize?
  /// The ways in which weights are stored other than one matrix per tensor.
  package let storage: [StorageLayout]
  /// How roles were inferred from shapes and weights; nil when they are known from names.
  package let inference: Inference?
  /// Other readings of the same tensors, the most likely first, when roles had to be inferred and the weights left a doubt. There
  /// are few, and none for known names. They have no further alternatives. O(weights) for each, once, at the first request.
  package var alternatives: [Anatomy] { others?.value ?? [] }
  /// Created on demand, because most callers need only the most likely reading.
  private let others: LazyValue<[Anatomy]>?
  /// The parts that are compared on their own, the main one first; one for most models. Reads the names again at the first request.
  package var parts: [ModelPart] { division?.value ?? [ModelPart(kind: .other, name: PartKind.other.rawValue, anatomy: self)] }
  /// Nil for a part, which is not divided again.
  private var division: LazyValue<[ModelPart]>?
  let gains: GainIndex
  /// The source of the reading.
  package let source: ModelSource
  /// The reading: roles, layers and experts of the parameters.
  package let reading: Reading
  /// Every weight as a part of a parameter, in the order in which the parameters were found.
  package let assignments: [WeightAssignment]

  /// The model that `reading` gives for `source`. `alternatives` are created at the first request. O(weights · log weights).
  package init(_ reading: Reading, of source: ModelSource, alternatives: LazyValue<[Anatomy]>? = nil) {
    let parameters = reading.parameters
    let stack = Self.stack(of: reading, in: source)
    let assignments =
      reading.assignments + reading.unassigned.map { stack.assignment(of: $0, named: parameters[$0].name) }
    let weights = assignments.map { assignment in
      parameters[assignment.parameter].weight(
        assignment.part, of: source.base, role: assignment.role, layer: assignment.layer, expert: assignment.expert)
    }
    checkpoint = source.adapter?.checkpoint ?? source.base
    adapter = source.adapter.map { ($0, source.base) }
    skippedTensors = source.skippedTensors + reading.buffers.map { SkippedTensor(tensor: parameters[$0].tensor, reason: .buffer) }
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
    self.source = source
    self.reading = reading
    self.assignments = assignments
    others = alternatives
    warnings = source.warnings + Self.warnings(about: skippedTensors) + (reading.inference.map { [$0.warning] } ?? [])
  }

  /// The same model, which consists of these parts. `division` gets this model.
  package func divided(_ division: @escaping @Sendable (Anatomy) -> [ModelPart]) -> Anatomy {
    var whole = self
    whole.division = LazyValue { [self] in division(self) }
    return whole
  }

  /// The layers. They are counted over all tensors: a layer whose codes cannot be read is a layer too.
  private static func stack(of reading: Reading, in source: ModelSource) -> MainStack {
    if reading.inference != nil { return MainStack(layers: reading.layerNumbers) }
    if reading.architecture == nil { return MainStack(of: source.parameters.map(\.tensor) + source.skippedTensors.map(\.tensor)) }
    return MainStack(of: reading, skippedTensors: source.skippedTensors)
  }

  /// The checkpoints that hold its tensors: one, or an adapter's and its base's.
  package var checkpoints: [Checkpoint] { adapter.map { [checkpoint, $0.base] } ?? [checkpoint] }

  /// True when every byte of its files is on this machine.
  package var isLocal: Bool { checkpoints.allSatisfy(\.isLocal) }

  /// Parameters of all weights.
  package var parameters: Int { weights.reduce(0) { $0 + $1.parameters } }

  /// True when there is a token embedding and no separate head: a head that equals the embedding is not stored
  /// (`tie_word_embeddings`).
  ///
  /// nil when there is no embedding, or when the model ends before its head, as a single shard does.
  package var hasTiedEmbeddings: Bool? {
    let roles = Set(weights.map(\.role))
    guard roles.contains(.embedTokens) else { return nil }
    if roles.contains(.lmHead) { return false }
    // The final norm comes directly before the head; in a masked language model it is the transform to token vectors.
    let fronts: [Role] = [.finalNorm, Role(name: "decoder.final_norm"), Role(name: "mlm_transform")]
    if fronts.contains(where: roles.contains) { return true }
    // A few families (OLMo) have norms without gains: for them a layer must be complete.
    let hasNorms = roles.contains { $0.isNormGain && $0 != .qNorm && $0 != .kNorm }
    return !hasNorms && roles.contains(.downProj) ? true : nil
  }

  /// By layer (those outside of all layers first), role, expert and name. Indices are sorted instead of weights, and ranks
  /// instead of roles, because moving a weight or looking up a role costs more than the rest of a comparison.
  private static func inOrder(_ weights: [Weight]) -> [Weight] {
    let roles = Role.sorted(Set(weights.map(\.role)))
    let ranks = Dictionary(uniqueKeysWithValues: zip(roles, 0...))
    let keys = weights.map { ($0.layer ?? -1, ranks[$0.role] ?? roles.count, $0.expert ?? -1) }
    let names = weights.map(\.tensor.name)
    return weights.indices.sorted { a, b in keys[a] == keys[b] ? names[a] < names[b] : keys[a] < keys[b] }.map { weights[$0] }
  }

  private static func warnings(about skippedTensors: [SkippedTensor]) -> [ReadingFact] {
    let count = { (reason: SkippedTensor.Reason) in skippedTensors.count { $0.reason == reason } }
    var found: [ReadingFact] = []
    if count(.quantised) > 0 {
      let formats = Set(skippedTensors.compactMap(\.detail)).sorted()
      found.append(.undecodedTensors(count(.quantised), formats: Array(formats.prefix(4))))
    }
    if count(.integer) > 0 { found.append(.integerTensors(count(.integer))) }
    return found
  }
}

/// A part of a model that is compared on its own: a language model, a tower, a projector.
///
/// ```swift
/// for part in anatomy.parts { print(part.name, part.anatomy.layers) }   // language_model 32, vision_tower 24, projector 0
/// ```
///
/// Two models may share one part and have nothing else in common, as many vision models share one frozen tower. So each part is
/// read as a model of its own, with its own layers, and has its own verdict.
package struct ModelPart: Sendable {
  package let kind: PartKind
  /// The name in reports: that of its kind, with a number behind it from the second part of a kind on (`vision_tower.2`).
  package let name: String
  /// The weights of the part, read as a model.
  package let anatomy: Anatomy

  package init(kind: PartKind, name: String, anatomy: Anatomy) { (self.kind, self.name, self.anatomy) = (kind, name, anatomy) }
}
