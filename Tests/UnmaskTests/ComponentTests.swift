import Lineage
import ModelAnatomy
import ModelKit
import TestKit
import Testing

@testable import Unmask

/// Models of several parts: each part has its own verdict, and the headline is that of the language model.
@Suite struct ComponentTests {
  /// Layers and width of a vision tower: about a tenth, a half and five times the language model.
  static let towers = [(layers: 1, width: 32), (3, 48), (8, 112)]

  private func compare(
    _ candidate: VisionLanguageModel, _ foundation: VisionLanguageModel, component: String? = nil
  ) throws -> ComparisonResult {
    let folder = TemporaryFolder()
    return try Unmask.compare(
      candidate: try candidate.write(to: folder, as: "candidate"), foundation: try foundation.write(to: folder, as: "foundation"),
      threads: 2, component: component)
  }

  private func part(_ result: ComparisonResult, _ name: String) throws -> ComponentResult {
    try #require(result.components.first { $0.name == name })
  }

  @Test("two unrelated language models under one frozen tower are strangers, and the tower is named", arguments: towers)
  func sharedTower(layers: Int, width: Int) throws {
    let tower = VisionLanguageModel().tower(seed: 9, layers: layers, width: width)
    let result = try compare(tower.languageModel(seed: 1), tower.languageModel(seed: 2))
    #expect(result.relation == .independent)
    #expect(result.sharedParts == ["vision_tower"])
    #expect(try part(result, "vision_tower").relation == .identical)
    #expect(result.components.first?.name == "language_model")
    #expect(result.candidate.description.architecture == "llama")
  }

  @Test("a foundation wrapped as a vision model is derived, and the tower is new", arguments: towers)
  func wrapped(layers: Int, width: Int) throws {
    let foundation = VisionLanguageModel().languageModel(seed: 1, prefix: "")
    let wrapped = VisionLanguageModel().languageModel(seed: 1, prefix: "model.", noise: 0.1)
      .renamed { $0.replacing("model.model.", with: "model.language_model.").replacing("model.lm_head", with: "lm_head") }
      .tower(seed: 3, layers: layers, width: width, prefix: "model.vision_tower.vision_model.")
    let result = try compare(wrapped, foundation)
    #expect(result.relation == .derived)
    #expect(result.coverage == 1)
    #expect(result.sharedParts == [])
    let tower = try part(result, "vision_tower")
    #expect(tower.relation == nil && tower.foundation == nil)
  }

  @Test("an equal language model under another tower is derived, not identical")
  func equalLanguageModel() throws {
    let model = VisionLanguageModel().languageModel(seed: 1)
    let result = try compare(model.tower(seed: 3, layers: 2, width: 48), model.tower(seed: 4, layers: 2, width: 48))
    #expect(result.relation == .derived)
    #expect(result.verdict.reason == .mainPartIdentical)
    #expect(try part(result, "language_model").relation == .identical)
    #expect(try part(result, "vision_tower").relation?.isKinship == false)
    let same = model.tower(seed: 3, layers: 2, width: 48).projector(seed: 5, width: 48)
    #expect(try compare(same, same).relation == .identical)
  }

  @Test("a tower alone is found in a vision model, and a vision model is not called a child of its tower")
  func towerAlone() throws {
    let tower = VisionLanguageModel().tower(seed: 9, layers: 2, width: 48, prefix: "vision_model.")
    let whole = VisionLanguageModel().languageModel(seed: 1).tower(seed: 9, layers: 2, width: 48)
    #expect(try compare(tower, whole).relation == .derived)
    let turned = try compare(whole, tower)
    #expect(!turned.relation.isKinship)
    #expect(turned.sharedParts == ["vision_tower"])
  }

  @Test("names that no table knows: the stack with the token table is the language model")
  func unknownNames() throws {
    func renamed(_ seed: UInt64) -> VisionLanguageModel {
      VisionLanguageModel().languageModel(seed: seed, prefix: "").tower(seed: 9, layers: 6, width: 64, prefix: "").renamed {
        name in
        let isTower = name.hasPrefix("e") && !name.hasPrefix("embed_t") || name.hasPrefix("post_layernorm")
        return (isTower ? "b." : "a.")
          + name.replacing("model.layers", with: "blocks").replacing("encoder.layers", with: "blocks").replacing(
            "proj", with: "p"
          )
          .replacing("self_attn", with: "att").replacing("mlp", with: "ff")
      }
    }
    let strangers = try compare(renamed(1), renamed(2))
    #expect(!strangers.relation.isKinship)
    #expect(strangers.sharedParts.count == 1)
    let known = VisionLanguageModel().languageModel(seed: 1)
    #expect(try compare(renamed(1), known).relation == .derived)
  }

  @Test("nameless tensors are divided as the other model is")
  func nameless() throws {
    let tower = VisionLanguageModel().tower(seed: 9, layers: 6, width: 96)
    func nameless(_ seed: UInt64) -> VisionLanguageModel {
      var number = 0
      return tower.languageModel(seed: seed).renamed { _ in
        number += 1
        return "t\(1000 + number)"
      }
    }
    let result = try compare(nameless(1), tower.languageModel(seed: 2))
    #expect(!result.relation.isKinship)
    #expect(result.sharedParts == ["vision_tower"])
    #expect(try compare(nameless(1), tower.languageModel(seed: 1)).relation.isKinship)
  }

  @Test("one component alone; a component that is not there is an error that lists those that are")
  func chosen() throws {
    let tower = VisionLanguageModel().tower(seed: 9, layers: 2, width: 48).projector(seed: 4, width: 48)
    let (first, second) = (tower.languageModel(seed: 1), tower.languageModel(seed: 2))
    let result = try compare(first, second, component: "vision_tower")
    #expect(result.relation == .identical)
    #expect(result.components.map(\.name) == ["vision_tower"])
    let error = #expect(throws: UnmaskError.self) { try compare(first, second, component: "audio_tower") }
    #expect(error?.description.contains("language_model, vision_tower, projector") == true)
    #expect(error?.kind == .usage)
  }

  @Test("a scan makes no family of a shared tower, and names it")
  func scan() throws {
    let folder = TemporaryFolder()
    let tower = VisionLanguageModel().tower(seed: 9, layers: 2, width: 48)
    _ = try tower.languageModel(seed: 1).write(to: folder, as: "a")
    _ = try tower.languageModel(seed: 2).write(to: folder, as: "b")
    _ = try tower.languageModel(seed: 2, noise: 0.1).write(to: folder, as: "b-tuned")
    _ = try VisionLanguageModel().languageModel(seed: 2).tower(seed: 7, layers: 2, width: 48).write(to: folder, as: "c")
    let result = try Unmask.scan([folder.path], threads: 2)
    #expect(result.families == [["b", "b-tuned", "c"], ["a"]])
    #expect(result.sharedParts == [SharedPart(component: "vision_tower", models: ["a", "b", "b-tuned"])])
    let equal = try #require(
      result.pairs.first { $0.candidate == "c" && $0.foundation == "b" || $0.candidate == "b" && $0.foundation == "c" })
    #expect(equal.relation == .derived)
    #expect(result.hasSharedParts)
  }
}
