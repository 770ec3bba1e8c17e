import Checkpoints
import Matching
import ModelAnatomy
import ModelKit
import RoleInference
import TestKit
import Testing

@Suite struct PartPairingTests {
  private func parts(_ model: VisionLanguageModel) throws -> [ModelPart] {
    let folder = TemporaryFolder()
    return ModelReading.anatomy(of: try Checkpoint.open(try model.write(to: folder, as: "model"))).parts
  }

  private func names(_ pairs: [PartPairing.Pair]) -> [[String?]] { pairs.map { [$0.candidate.name, $0.foundation?.name] } }

  @Test("parts of one kind are paired; among several, those of equal shapes")
  func kinds() throws {
    let model = VisionLanguageModel().languageModel(seed: 1).projector(seed: 2, width: 48)
    let two = try parts(
      model.tower(seed: 3, layers: 2, width: 48).tower(seed: 4, layers: 3, width: 32, prefix: "vision_tower_b.vision_model."))
    let one = try parts(model.tower(seed: 5, layers: 3, width: 32))
    #expect(two.map(\.kind) == [.languageModel, .visionTower, .visionTower, .projector])
    let found = names(PartPairing.pairs(candidate: two, foundation: one))
    let narrow = try #require(two.first { $0.kind == .visionTower && $0.anatomy.layers == 3 })
    let wide = try #require(two.first { $0.kind == .visionTower && $0.anatomy.layers == 2 })
    #expect(found.contains([narrow.name, "vision_tower"]))
    #expect(found.contains([wide.name, nil]))
    #expect(found.first == ["language_model", "language_model"])
  }

  @Test("a part without a counterpart of its kind is compared with one of equal shapes; the main part always has a counterpart")
  func kindsDiffer() throws {
    let tower = try parts(VisionLanguageModel().tower(seed: 3, layers: 2, width: 48, prefix: "vision_model."))
    let renamed = try parts(
      VisionLanguageModel().tower(seed: 3, layers: 2, width: 48).languageModel(seed: 1).renamed {
        $0.replacing("vision_tower.vision_model.encoder", with: "enc").replacing("vision_tower.vision_model", with: "enc")
          .replacing("self_attn", with: "att").replacing("mlp", with: "ff")
      })
    #expect(renamed.map(\.kind) == [.languageModel, .other])
    #expect(
      names(PartPairing.pairs(candidate: renamed, foundation: tower)) == [
        ["language_model", "vision_tower"], ["other", "vision_tower"],
      ])
  }
}
