import Checkpoints
import ElementTypes
import ReadingFacts
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import Adapters

/// Adapters that are wrong, or of another base: each ends in words, none in a trap.
@Suite struct AdapterMisfitTests {
  private static let q = "model.layers.0.self_attn.q_proj"
  private static let lora = "base_model.model.\(q).lora_"
  private static let base: [(name: String, shape: [Int])] = NamedTensors.llama() + [("\(q).bias", [8])]

  private func applied(
    _ tensors: [(name: String, shape: [Int])], config: String? = #"{"peft_type": "LORA", "lora_alpha": 4, "r": 2}"#,
    to base: [(name: String, shape: [Int])] = base
  ) throws -> (adapter: Adapter, found: AdaptedParameters, base: Checkpoint) {
    let made = try AdapterFolders.made(tensors, config: config)
    let checkpoint = try AdapterFolders.made(base: base)
    let found = made.adapter.applied(to: AdapterFolders.parameters(of: checkpoint), of: checkpoint)
    // Whatever came out can be read.
    for parameter in found.parameters { _ = parameter.rows(of: checkpoint).all }
    return (made.adapter, found, checkpoint)
  }

  @Test(
    "factors that do not fit change nothing, and a warning says so",
    arguments: [
      ("A of other inputs", [("A.weight", [2, 7]), ("B.weight", [8, 2])]),
      ("B of other outputs", [("A.weight", [2, 8]), ("B.weight", [9, 2])]),
      ("factors of two ranks", [("A.weight", [2, 8]), ("B.weight", [8, 3])]),
      ("A without B", [("A.weight", [2, 8])]), ("B without A", [("B.weight", [8, 2])]),
      ("a vector for a factor", [("A.weight", [16]), ("B.weight", [8, 2])]),
      ("a scalar for a factor", [("A.weight", []), ("B.weight", [8, 2])]),
      ("a stack for a factor", [("A.weight", [2, 8, 1]), ("B.weight", [8, 2])]),
      ("no rank at all", [("A.weight", [0, 8]), ("B.weight", [8, 0])]),
      ("experts' factors for a matrix", [("A.weight", [6, 8]), ("B.weight", [24, 6])]),
      ("lengths of another matrix", [("A.weight", [2, 8]), ("B.weight", [8, 2]), ("magnitude_vector", [9])]),
      ("lengths alone", [("magnitude_vector", [8])]), ("a bias alone", [("B.bias", [8])]),
      ("embedding factors of a square matrix's neighbour", [("embedding_A", [2, 20]), ("embedding_B", [8, 2])]),
      ("another kind of LoRA's tensor", [("E", [2, 1])]), ("a factor's factor", [("A.weight.extra.more", [2, 8])]),
    ] as [(String, [(String, [Int])])])
  func misfits(what: String, tensors: [(String, [Int])]) throws {
    let (_, found, _) = try applied(tensors.map { (Self.lora + $0.0, $0.1) })
    #expect(found.changed.isEmpty && !found.warnings.isEmpty, "\(what)")
  }

  @Test("a bias's change that fits no bias is left out, the module's own is made")
  func bias() throws {
    let tensors = [("A.weight", [2, 8]), ("B.weight", [8, 2]), ("B.bias", [7])].map { (Self.lora + $0.0, $0.1) }
    let (_, found, _) = try applied(tensors)
    #expect(found.changed == ["\(Self.q).weight"] && found.warnings.count == 1)
  }

  @Test("an adapter of another base says how many of its changes fit nothing")
  func otherBase() throws {
    let (_, found, _) = try applied(
      (5..<9).flatMap { layer in
        ["A", "B"].map {
          ("base_model.model.model.layers.\(layer).self_attn.q_proj.lora_\($0).weight", $0 == "A" ? [2, 8] : [8, 2])
        }
      })
    #expect(found.changed.isEmpty && found.warnings.count == 1)
    #expect(found.warnings == [.unmatchedChanges(4, first: "model.layers.5.self_attn.q_proj")])
  }

  @Test("factors of integers, complex numbers or truth values are no factors", arguments: ["I32", "BOOL", "C64"])
  func types(name: String) throws {
    let type = try #require(ElementType(name: name))
    let tensors = [(Self.lora + "A.weight", [2, 8]), (Self.lora + "B.weight", [8, 2])]
    let made = try AdapterFolders.made(tensors, types: [tensors[0].0: type])
    #expect(made.adapter.unknown.count == 2 && made.adapter.refusal != nil)
  }

  @Test(
    "an alpha that is no finite number counts as none, and a warning says so",
    arguments: ["NaN", "Infinity", "-Infinity", "1e400", "1e39", "\"8\"", "[8]", "true"])
  func alpha(text: String) throws {
    let tensors = [(Self.lora + "A.weight", [2, 8]), (Self.lora + "B.weight", [8, 2])]
    let (adapter, found, base) = try applied(tensors, config: "{\"peft_type\": \"LORA\", \"lora_alpha\": \(text)}")
    #expect(adapter.scales == [1] && found.warnings.count == 1)
    // 1 + 1 · (1·1 + 1·1)
    #expect(found.parameters.first { $0.name == "\(Self.q).weight" }?.rows(of: base).all.nonEmptyAllSatisfy { $0 == 3 } == true)
  }

  @Test(
    "alphas are taken as they are: nought, negative, tiny",
    arguments: [("0", 0), ("-4", -2), ("1e-300", 5e-301), ("null", 4)] as [(String, Double)])
  func usableAlpha(text: String, scale: Double) throws {
    let tensors = [(Self.lora + "A.weight", [2, 8]), (Self.lora + "B.weight", [8, 2])]
    let (adapter, found, base) = try applied(tensors, config: "{\"peft_type\": \"LORA\", \"lora_alpha\": \(text)}")
    #expect(adapter.scales == [scale])
    let numbers = found.parameters.first { $0.name == "\(Self.q).weight" }?.rows(of: base).all
    #expect(numbers?.nonEmptyAllSatisfy { $0 == 1 + 2 * Float(scale) } == true)
  }

  @Test(
    "a config that is missing, broken or of other types gives PEFT's defaults and a warning",
    arguments: [
      nil, "", "[]", "{", "null", #"{"lora_alpha": 8, "alpha_pattern": {"(": 3, "q_proj": "x", "(?!a)q": 7}}"#,
      #"{"target_modules": 3, "target_parameters": {"a": 1}, "trainable_token_indices": "x", "r": -4, "use_dora": "yes", "peft_type": 1}"#,
      #"{"alpha_pattern": {"a\n\u001b[31m": "x", "(\r": 2}, "init_lora_weights": "pissa\n\u202e"}"#,
    ])
  func configs(text: String?) throws {
    let tensors = [(Self.lora + "A.weight", [2, 8]), (Self.lora + "B.weight", [8, 2])]
    let (_, found, _) = try applied(tensors, config: text)
    #expect(found.changed == ["\(Self.q).weight"] && !found.warnings.isEmpty)
    // What is quoted from the config is on one line.
    #expect(!texts(in: found.warnings).joined().unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{202E}" })
  }

  @Test(
    "kinds that are not LoRA, and bases that were repeated, are refused in words",
    arguments: [
      (#"{"peft_type": "LOHA"}"#, .unsupportedKind("LOHA")), (#"{"peft_type": "ADALORA"}"#, .unsupportedKind("ADALORA")),
      (#"{"peft_type": "LORA", "layer_replication": [[0, 4], [2, 5]]}"#, .repeatedLayers),
    ] as [(String, AdapterRefusal)])
  func refused(config: String, refusal: AdapterRefusal) throws {
    let tensors = [
      (Self.lora + "A.weight", [2, 8]), (Self.lora + "B.weight", [8, 2]), ("base_model.model.model.norm.weight", [8]),
    ]
    let (adapter, found, _) = try applied(tensors, config: config)
    #expect(adapter.refusal == refusal && found.changed.isEmpty)
    #expect(found.warnings.last == .refused(refusal))
  }

  @Test("recorded adapters of other kinds are refused by their names", arguments: ["loha", "ia3"])
  func recorded(name: String) throws {
    let (adapter, base) = (try AdapterFolders.adapter(name), try AdapterFolders.base("base-llama"))
    #expect(adapter.refusal == .unsupportedKind(name.uppercased()))
    #expect(adapter.summary == AdapterSummary(unsupportedKind: name.uppercased()))
    #expect(adapter.applied(to: AdapterFolders.parameters(of: base), of: base).changed.isEmpty)
  }

  @Test("factors that were taken out of the base give a warning with their name")
  func pissa() throws {
    let (adapter, base) = (try AdapterFolders.adapter("pissa"), try AdapterFolders.base("base-llama"))
    let found = adapter.applied(to: AdapterFolders.parameters(of: base), of: base)
    #expect(found.changed.count == 2 && found.warnings == [.changesBase(initialisation: "pissa")])
  }

  @Test(
    "rows of a token table that do not exist, or are not as many as the config's, are left out",
    arguments: ["[0, 20]", "[0, -1]", "[0]", "[0, 1, 2]", "{\"lm_head\": [0, 1]}", "null", "[0, 1.5]", "[0, \"1\"]"])
  func tokens(indices: String) throws {
    let (_, found, _) = try applied(
      [("base_model.model.model.embed_tokens.token_adapter.trainable_tokens_delta", [2, 8])],
      config: "{\"lora_alpha\": 1, \"trainable_token_indices\": \(indices)}")
    #expect(found.changed.isEmpty && found.warnings.count == 1)
  }

  @Test("whole tensors: a table may have other rows, a new head is added, another shape or a layer that is not there is left out")
  func wholes() throws {
    let (_, found, _) = try applied([
      ("base_model.model.model.embed_tokens.weight", [23, 8]), ("base_model.model.score.weight", [3, 8]),
      ("base_model.model.model.norm.weight", [9]), ("base_model.model.model.layers.7.mlp.up_proj.weight", [12, 8]),
    ])
    #expect(found.changed == ["model.embed_tokens.weight", "score.weight"])
    #expect(found.parameters.first { $0.name == "model.embed_tokens.weight" }?.shape == [23, 8])
    #expect(found.parameters.last?.name == "score.weight")
    #expect(found.warnings == [.unmatchedChanges(2, first: "model.layers.7.mlp.up_proj.weight")])
  }

  @Test("a second adapter in one file is not understood, the first is taken")
  func twoAdapters() throws {
    let names = ["A.first.weight", "B.first.weight", "A.second.weight", "B.second.weight"].map { Self.lora + $0 }
    let (adapter, found, _) = try applied(names.map { ($0, $0.contains("A.") ? [2, 8] : [8, 2]) })
    #expect(found.changed == ["\(Self.q).weight"] && adapter.unknown.count == 2)
  }

  @Test("a rank beyond the matrix's sides, and wrappers a thousand deep, are no trouble")
  func large() throws {
    let deep = String(repeating: "base_layer.", count: 1000)
    let (adapter, found, _) = try applied([
      (Self.lora + "A.weight", [5000, 8]), (Self.lora + "B.weight", [8, 5000]),
      ("base_model.model.model.layers.1.mlp.\(deep)lora_A.weight", [2, 8]),
      ("base_model.model.model.layers.1.mlp.\(deep)lora_B.weight", [8, 2]),
    ])
    #expect(found.changed == ["\(Self.q).weight"] && adapter.ranks == [5000: 1, 2: 1] && found.warnings.count == 1)
  }

  @Test(
    "names that PEFT never wrote are no trouble",
    arguments: [
      "", ".", "..", "lora_A", "lora_A.weight", ".lora_A.weight", "base_model.model", "base_model.model.lora_A.weight",
      "base_model.model.",
      "lora_", "a.lora_A.lora_B.weight", "a.lora_A.lora_A", "base_layer.base_layer", "modules_to_save",
      "a.modules_to_save.default",
      "é.lora_A.weight", "a.lora_A.\u{301}weight", "trainable_tokens_delta", "a.lora_embedding_A.weight.bias",
      "a..lora_B..weight",
    ])
  func oddNames(name: String) throws {
    let (adapter, found, base) = try applied([
      (name, [2, 8]), (Self.lora + "A.weight", [2, 8]), (Self.lora + "B.weight", [8, 2]),
    ])
    // At most added as a tensor of its own; the change beside it is made.
    #expect(found.changed.contains("\(Self.q).weight") && found.changed.count <= 2)
    #expect(found.parameters.count - base.tensors.count <= 1 && adapter.ranks[2] != nil)
  }
}
