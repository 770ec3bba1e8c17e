public import Safetensors

/// A PEFT adapter: a change to a model, to be seen as the model that it makes of its base.
///
/// ```swift
/// let adapter = try Adapter(of: Checkpoint.openAdapter("aurora-adapter"))
/// adapter.ranks            // [4: 8]: eight modules of rank 4
/// adapter.targets          // ["q_proj", "v_proj"]
/// let model = Anatomy(of: base, with: adapter)
/// ```
///
/// LoRA, rsLoRA and DoRA of linear layers, embeddings and stacked experts, biases, and whole tensors (`modules_to_save`) are
/// understood. Nothing is merged in memory: the change is computed where weights are read. Cost: O(tensors of the adapter).
///
/// Source: PEFT 0.21.2 (FORMAT.md 3).
public struct Adapter: Sendable {
  /// Where its tensors are.
  public let checkpoint: Checkpoint
  /// What its config says.
  public let configuration: AdapterConfiguration
  /// The factors and whole tensors by the parameter that they change.
  private(set) var changes: [String: ParameterChange] = [:]
  /// Names of tensors that nothing here understands.
  public private(set) var unknown: [String] = []

  /// What an adapter has for one module or parameter.
  struct ParameterChange: Sendable {
    var a: Tensor?
    var b: Tensor?
    var biasB: Tensor?
    var isEmbedding = false
    var magnitudes: Tensor?
    var whole: Tensor?

    var isLowRank: Bool { a != nil && b != nil }
  }

  /// Reads an adapter's tensors' names and shapes, and the config beside them.
  public init(of checkpoint: Checkpoint) {
    self.checkpoint = checkpoint
    configuration = AdapterConfiguration(beside: checkpoint)
    for tensor in checkpoint.tensors where tensor.elementCount > 0 { add(tensor) }
    for (name, change) in changes where !change.isLowRank && change.whole == nil {
      // Half of a pair is no change.
      unknown += [change.a, change.b, change.biasB, change.magnitudes].compactMap { $0?.name.string }
      changes[name] = nil
    }
    unknown.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// How many modules have a change of each rank.
  public var ranks: [Int: Int] {
    changes.values.reduce(into: [:]) { if let rank = $1.rank { $0[rank, default: 0] += 1 } }
  }

  /// The factors that changes are multiplied by, ascending, each once.
  public var scales: [Double] {
    Set(changes.compactMap { name, change in change.rank.map { configuration.scale(of: Self.module(name), rank: $0) } }).sorted()
  }

  /// The last parts of the names of the modules that have a change of low rank, each once: what was really changed, whatever the
  /// config's targets.
  public var targets: [String] {
    Set(changes.filter(\.value.isLowRank).keys.map { Self.module($0).split(separator: ".").last.map(String.init) ?? $0 }).sorted()
  }

  /// Names of whole tensors that replace the base's.
  public var replaced: [String] { changes.filter { $0.value.whole != nil }.keys.sorted() }

  /// `model.layers.0.self_attn.q_proj` of `model.layers.0.self_attn.q_proj.weight`.
  private static func module(_ name: String) -> String {
    name.hasSuffix(".weight") ? String(name.dropLast(".weight".utf8.count)) : name
  }

  private mutating func add(_ tensor: Tensor) {
    var name = tensor.name.string
    // The wrappers' names, and that of the adapter, which PEFT removes when it saves.
    for prefix in ["base_model.model.", "base_model."] where name.hasPrefix(prefix) {
      name = String(name.dropFirst(prefix.utf8.count))
      break
    }
    name = name.replacing(".lora_A.default", with: ".lora_A").replacing(".lora_B.default", with: ".lora_B")
    let endings: [(String, WritableKeyPath<ParameterChange, Tensor?>)] = [
      (".lora_A.weight", \.a), (".lora_B.weight", \.b), (".lora_B.bias", \.biasB), (".lora_embedding_A", \.a),
      (".lora_embedding_B", \.b), (".lora_magnitude_vector", \.magnitudes), (".lora_magnitude_vector.weight", \.magnitudes),
      (".lora_A", \.a), (".lora_B", \.b),
    ]
    if let ending = endings.first(where: { name.hasSuffix($0.0) }) {
      let module = String(name.dropLast(ending.0.utf8.count))
      changes[module + ".weight", default: .init()][keyPath: ending.1] = tensor
      if ending.0.hasPrefix(".lora_embedding") { changes[module + ".weight", default: .init()].isEmbedding = true }
    } else if name.contains(".lora_") || name.contains("lora_") {
      unknown.append(tensor.name.string)
    } else {
      let replaced = name.replacing(".base_layer.", with: ".").replacing(".modules_to_save.", with: ".")
      changes[replaced, default: .init()].whole = tensor
    }
  }
}

extension Adapter.ParameterChange {
  /// Rank of the change, read off its factors; nil for a whole tensor.
  var rank: Int? {
    guard let a, let b, a.shape.count == 2, b.shape.count == 2 else { return nil }
    return Int(b.shape[1])
  }
}
