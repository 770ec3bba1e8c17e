import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import ModelAnatomy

/// Every architecture of the table, against names, shapes and rows that numpy made of its source (testdata/oracle/architectures.py).
@Suite struct ArchitectureTests {
  /// Another model's config that fits many shapes.
  private static let strange = """
    {"model_type": "gemma", "hidden_size": 32, "num_attention_heads": 8, "num_key_value_heads": 8, "head_dim": 4, "linear_key_head_dim": 4, "multi_query": true}
    """
  /// Another model's config that fits none.
  private static let foreign = "{\"model_type\": \"llama\", \"hidden_size\": 80, \"num_attention_heads\": 5, \"head_dim\": 16}"

  @Test(
    "an architecture is recognised, and its tensors have their roles, layers, experts and numbers, whatever config stands beside them",
    arguments: ArchitectureCase.all)
  func recognition(model: ArchitectureCase) throws {
    let folder = TemporaryFolder()
    for config in [nil, model.config, Self.strange, Self.foreign] {
      let anatomy = try model.anatomy(in: folder, config: config)
      Self.check(anatomy, model, allNumbers: config == nil, note: config ?? "no config")
    }
  }

  /// Compares an anatomy with what is expected of a case.
  static func check(_ anatomy: Anatomy, _ model: ArchitectureCase, allNumbers: Bool, note: String) {
    // A GGUF file states the name that is published, and the table has a way of storing for it.
    #expect(anatomy.architecture == (model.gguf.isEmpty ? model.architecture : model.gguf), "\(note)")
    #expect(anatomy.layers == (model.tensors.contains { $0.parts.contains { $0.layer != nil } } ? model.depth : 0), "\(note)")
    let weights = Dictionary(grouping: anatomy.weights, by: \.tensor.name.string)
    let skippedTensors = Set(anatomy.skippedTensors.map(\.tensor.name.string))
    for tensor in model.tensors {
      if tensor.parts.isEmpty {
        #expect(skippedTensors.contains(tensor.name), "\(tensor.name) is a buffer; \(note)")
        continue
      }
      let found = weights[tensor.name, default: []]
      #expect(found.count == tensor.parts.count, "\(tensor.name): \(found.map(\.role.name)); \(note)")
      for part in tensor.parts {
        let weight = found.first { $0.role.name == part.role && $0.layer == part.layer && $0.expert == part.expert }
        guard let weight else {
          Issue.record(
            "\(tensor.name) has no \(part.role) \(part.layer ?? -1) \(part.expert ?? -1) but \(found.map { ($0.role, $0.layer) }); \(note)"
          )
          continue
        }
        // What is stored whole is the same numbers whatever the config says.
        if allNumbers || !part.rows.isEmpty { check(weight, tensor, part, head: model.head, note: note) }
        let gain = anatomy.gain(of: weight)
        #expect(
          gain?.gain.tensor.name.string == part.gain.map { model.tensors[$0].name },
          "gain of \(tensor.name) \(part.role); \(note)")
        if let gain { #expect(gain.isOffset == part.isOffset, "gain of \(tensor.name); \(note)") }
      }
    }
  }

  /// Compares a weight's numbers with those of the same weight stored alone, bit for bit.
  private static func check(
    _ weight: Weight, _ tensor: ArchitectureCase.Tensor, _ part: ArchitectureCase.Part, head: Int, note: String
  ) {
    guard let rows = tensor.rows(part), let columns = tensor.columns(part) else {
      #expect(weight.parameters == tensor.shape.reduce(1, *), "\(tensor.name)")
      return
    }
    #expect(weight.parameters == rows.count * columns, "\(tensor.name) \(part.role); \(note)")
    guard weight.parameters == rows.count * columns else { return }
    var values = [Float](repeating: 0, count: weight.parameters)
    var span = values.mutableSpan
    weight.read(rows: 0..<weight.rows, columns: 0..<weight.columns, into: &span, at: 0, stride: weight.columns)
    let expected = rows.indices.flatMap { i in (0..<columns).map { tensor.number(part, i, $0, head: head) } }
    #expect(values == expected, "\(tensor.name) \(part.role); \(note)")
  }
}
