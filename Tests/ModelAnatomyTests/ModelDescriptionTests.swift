import Checkpoints
import ElementTypes
import RoleInference
import TensorFiles
import TestKit
import Testing

@testable import ModelAnatomy

@Suite struct ModelDescriptionTests {
  @Test("a description quotes the anatomy, with tensors in name order and types by frequency")
  func description() throws {
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    builder.metadata = [("format", "pt")]
    builder.add("model.layers.0.self_attn.q_proj.weight", .f32, shape: [2, 2], floats: [1, 2, 3, 4])
    builder.add("model.embed_tokens.weight", .f16, shape: [3, 2], floats: [1, 2, 3, 4, 5, 6])
    builder.add("model.norm.weight", .f16, shape: [2], floats: [1, 1])
    builder.add("position_ids", .i64, shape: [1], bytes: Array(repeating: 0, count: 8))
    let path = try builder.write(to: folder, as: "tiny/model.safetensors")
    let anatomy = ModelReading.anatomy(of: try Checkpoint.open(folder.path + "/tiny"))
    let description = ModelDescription(of: anatomy)
    #expect(description.name == "tiny" && description.path == folder.path + "/tiny")
    #expect(description.parameters == 12 && description.bytes == 4 * 4 + 6 * 2 + 2 * 2 + 8 && description.layers == 1)
    #expect(description.elementTypes.map(\.name) == ["F16", "F32", "I64"])
    #expect(description.elementTypes.map(\.tensors) == [2, 1, 1])
    #expect(description.metadata.map(\.key) == ["format"] && description.sha256 == nil)
    #expect(description.tiedEmbeddings == true && description.quantisation == nil)
    #expect(
      description.tensors.map(\.name) == [
        "model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight", "model.norm.weight", "position_ids",
      ])
    let q = description.tensors[1]
    #expect(q.role == "q_proj" && q.layer == 0 && q.bytes == 16 && q.shape == [2, 2] && q.elementType == "F32" && q.file == path)
    #expect(q.offset == builder.header.utf8.count + 8)
    #expect(description.tensors[3].role == nil && description.tensors[3].layer == nil)
  }
}
