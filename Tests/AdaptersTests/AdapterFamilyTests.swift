import Checkpoints
import ElementTypes
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import Adapters

@Suite struct AdapterFamilyTests {
  @Test("aurora with its adapter is aurora-lora, but for bf16's rounding")
  func aurora() throws {
    let base = try Checkpoint.open(AdapterFolders.testdata + "aurora")
    let merged = try Checkpoint.open(AdapterFolders.testdata + "aurora-lora")
    let adapter = Adapter(of: try Checkpoint.openAdapter(AdapterFolders.testdata + "aurora-adapter"))
    let found = adapter.applied(to: AdapterFolders.parameters(of: base), of: base)
    #expect(adapter.summary.targets == ["q_proj", "v_proj"] && adapter.ranks == [4: 8])
    #expect(found.changed.count == 8 && found.warnings.isEmpty && found.parameters.count == merged.tensors.count)
    for parameter in found.parameters {
      let ours = parameter.rows(of: base).all
      let theirs = Parameter(try #require(merged.tensor(named: parameter.name))).rows(of: merged).all
      let before = Parameter(try #require(base.tensor(named: parameter.name))).rows(of: base).all
      if found.changed.contains(parameter.name) {
        #expect(ours != before)
        // Half a step of bf16 for the change and for the sum.
        for i in ours.indices {
          let step = 0x1p-8 * ((ours[i] - before[i]).magnitude + theirs[i].magnitude)
          #expect((ours[i] - theirs[i]).magnitude <= step * 1.01)
        }
      } else {
        #expect(ours == theirs)
      }
    }
  }

  @Test(
    "names with another prefix find their parameters, the nearest of several, and never another layer's",
    arguments: [
      // A wrapper of text and pictures, in two orders.
      ("model.language_model.layers.0.mlp.up_proj.weight", 0), ("model.layers.1.mlp.up_proj.weight", 1),
      ("layers.1.mlp.up_proj.weight", 1), ("vision_tower.layers.0.mlp.up_proj.weight", 2), ("embed_tokens.weight", 3),
      ("model.layers.2.mlp.up_proj.weight", nil), ("model.layers.0.mlp.down_proj.weight", nil), ("other.weight", nil),
      ("weight", nil), ("", nil), ("...", nil),
    ] as [(String, Int?)])
  func prefixes(name: String, place: Int?) {
    var index = ParameterIndex([
      "language_model.model.layers.0.mlp.up_proj.weight", "language_model.model.layers.1.mlp.up_proj.weight",
      "vision_tower.layers.0.mlp.up_proj.weight", "language_model.model.embed_tokens.weight",
    ])
    #expect(index.index(of: name) == place)
  }

  @Test("a name that as many share as differ belongs to none; one that is added is found")
  func ambiguous() {
    var index = ParameterIndex(["a.x.up.weight", "b.x.up.weight"])
    #expect(index.index(of: "x.up.weight") == nil && index.index(of: "b.c.x.up.weight") == 1)
    index.append("lm_head.weight")
    #expect(index.index(of: "lm_head.weight") == 2 && index.index(of: "model.lm_head.weight") == 2)
  }

  @Test("outputs are chosen from a changed bias as from a stored one")
  func fusedBias() throws {
    let base = try AdapterFolders.base("base-gpt2")
    let found = try AdapterFolders.adapter("gpt2-bias").applied(to: AdapterFolders.parameters(of: base), of: base)
    let bias = try #require(found.parameters.first { $0.name == "transformer.h.1.attn.c_attn.bias" })
    let all = bias.rows(of: base).all
    for map in [RowMap(16..<32), RowMap(first: 3, steps: [.init(count: 4, stride: 9), .init(count: 2, stride: 1)])] {
      let (part, isVector) = bias.view(Parameter.Part(rows: map), of: base)
      var numbers = [Float](repeating: 0, count: map.count)
      var span = numbers.mutableSpan
      part.read(rows: 0..<1, columns: 0..<map.count, into: &span, at: 0, stride: map.count)
      #expect(numbers == (0..<map.count).map { all[map[$0]] } && isVector && part.rows == 1 && part.columns == map.count)
    }
  }

  @Test("a head that the base shares with its tokens becomes one of its own when it is changed")
  func sharedHead() throws {
    let made = try AdapterFolders.made([
      ("base_model.model.lm_head.lora_A.weight", [2, 8]), ("base_model.model.lm_head.lora_B.weight", [20, 2]),
    ])
    let base = try AdapterFolders.made(base: NamedTensors.llama(head: false))
    let found = made.adapter.applied(to: AdapterFolders.parameters(of: base), of: base)
    #expect(found.changed == ["lm_head.weight"] && found.parameters.last?.name == "lm_head.weight")
    // 1 + 2 · (1·1 + 1·1), beside the table's 1.
    #expect(found.parameters.last?.rows(of: base).all.nonEmptyAllSatisfy { $0 == 5 } == true)
    #expect(
      found.parameters.first { $0.name == "model.embed_tokens.weight" }?.rows(of: base).all.nonEmptyAllSatisfy { $0 == 1 } == true
    )
  }

  @Test("wide rows and high ranks are read in strips to the same numbers")
  func strips() throws {
    // Wider than a strip of columns (1024, 4096) and higher than one of ranks (64); small whole numbers, so that sums are exact.
    let (rows, columns, rank) = (3, 4500, 130)
    let folder = TemporaryFolder()
    var builder = SafetensorsBuilder()
    var random = SeededGenerator(5)
    func numbers(_ count: Int) -> [Float] { (0..<count).map { _ in Float(Int(random.uniform() * 9) - 4) } }
    let (w, a, b, m) = (
      numbers(rows * columns), numbers(rank * columns), numbers(rows * rank), [Float](repeating: 2, count: rows)
    )
    builder.add("w", .f32, shape: [rows, columns], floats: w)
    builder.add("a", .f32, shape: [rank, columns], floats: a)
    builder.add("b", .f32, shape: [rows, rank], floats: b)
    builder.add("m", .f32, shape: [rows], floats: m)
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    func matrix(_ name: String, _ columns: Int) throws -> StoredMatrix {
      let tensor = try #require(checkpoint.tensor(named: name))
      return StoredMatrix(try #require(checkpoint.slice(of: tensor)), columns: columns)
    }
    let sum = AdaptedMatrix(
      try matrix("w", columns), .init(left: try matrix("b", rank), right: try matrix("a", columns), scale: 0.5))
    var expected = w
    for i in 0..<rows {
      for k in 0..<rank { for j in 0..<columns { expected[i * columns + j] += b[i * rank + k] * 0.5 * a[k * columns + j] } }
    }
    #expect(sum.all == expected, "\(random)")
    let scaled = RescaledMatrix(sum, lengths: try matrix("m", rows), ofColumns: false)
    let whole = scaled.all
    for i in 0..<rows {
      let row = whole[i * columns..<(i + 1) * columns]
      #expect(isClose(row.reduce(0.0) { $0 + Double($1) * Double($1) }, 4, within: 1e-6))
      #expect(scaled.numbers(i..<i + 1, 4090..<4110) == Array(row[(row.startIndex + 4090)..<(row.startIndex + 4110)]))
    }
  }
}
