import Checkpoints
import ElementTypes
import TestKit
import Testing

@testable import TensorViews

/// Matrices that are stored as two factors.
@Suite struct FactoredWeightsTests {
  @Test(
    "two factors are one parameter under the name of the module, its bias with it",
    arguments: [
      ("a.up_u_proj", "a.up_v_proj", "a.up_proj"), ("a.v_u_proj", "a.v_v_proj", "a.v_proj"),
      ("a.q_proj.ALinear", "a.q_proj.BLinear", "a.q_proj"), ("a.fc1.U", "a.fc1.V", "a.fc1"),
      ("a.q_proj.u_proj", "a.q_proj.v_proj", "a.q_proj"), ("a.é_u_proj", "a.é_v_proj", "a.é_proj"),
    ])
  func names(left: String, right: String, whole: String) throws {
    let found = try ParametersTests.parameters([
      (left + ".weight", .bf16, [12, 3]), (left + ".bias", .bf16, [12]), (right + ".weight", .bf16, [3, 8]),
      ("b.weight", .f16, [4, 4]),
    ])
    #expect(found.skippedTensors.isEmpty && Set(found.all.map(\.name)) == [whole + ".weight", whole + ".bias", "b.weight"])
    #expect(found.all.first { $0.name == whole + ".weight" }?.shape == [12, 8])
  }

  @Test(
    "tensors that are no factors of a lower rank keep their names",
    arguments: [
      [("up_u_proj.weight", .bf16, [12, 9]), ("up_v_proj.weight", .bf16, [9, 8])],
      [("up_u_proj.weight", .bf16, [12, 3]), ("up_v_proj.weight", .bf16, [4, 8])],
      [("up_u_proj.weight", .bf16, [12, 3])], [("up_v_proj.weight", .bf16, [3, 12])],
      [("up_u_proj.weight", .bf16, [12, 3]), ("up_v_proj.weight", .bf16, [3, 8]), ("up_proj.weight", .bf16, [12, 8])],
      [("up_u_proj.weight", .bf16, [12]), ("up_v_proj.weight", .bf16, [12])],
      [("self_attn.q_proj.weight", .bf16, [8, 8]), ("self_attn.v_proj.weight", .bf16, [8, 8])],
      // A product of 2¹² × 2¹² numbers out of 2¹³.
      [("up_u_proj.weight", .bf16, [4096, 1]), ("up_v_proj.weight", .bf16, [1, 4096])],
    ] as [[ParametersTests.Stored]])
  func others(tensors: [ParametersTests.Stored]) throws {
    let found = try ParametersTests.parameters(tensors)
    #expect(Set(found.all.map(\.name)) == Set(tensors.map(\.name)))
  }

  @Test("a product's numbers are those of f64 to rounding, and the same in every rectangle", arguments: 0..<8)
  func numbers(seed: Int) throws {
    var random = SeededGenerator(UInt64(seed))
    let (rows, rank, columns) = (5 + seed * 7, 1 + seed * 11, 90 + seed * 160)
    let left = (0..<rows * rank).map { _ in Float(random.normal()) },
      right = (0..<rank * columns).map { _ in Float(random.normal()) }
    var builder = SafetensorsBuilder()
    builder.add("l", .f32, shape: [rows, rank], floats: left)
    builder.add("r", .f32, shape: [rank, columns], floats: right)
    let folder = TemporaryFolder()
    let checkpoint = try Checkpoint.open(try builder.write(to: folder))
    let factors = try ["l", "r"].map { Parameter(try #require(checkpoint.tensor(named: $0))).rows(of: checkpoint) }
    let product = MatrixProduct(factors[0], factors[1])
    let found = QuantisedVectorTests.numbers(product, 0..<rows, 0..<columns)
    for row in 0..<rows {
      for column in 0..<columns {
        let terms = (0..<rank).map { Double(left[row * rank + $0]) * Double(right[$0 * columns + column]) }
        let bound = terms.reduce(0) { $0 + abs($1) } * 1e-6
        #expect(abs(Double(found[row * columns + column]) - terms.reduce(0, +)) <= bound, "\(row), \(column), \(random)")
      }
    }
    for _ in 0..<4 {
      let (a, b) = (Int.random(in: 0..<rows, using: &random), Int.random(in: 0..<columns, using: &random))
      let part = (a..<Int.random(in: a + 1...rows, using: &random), b..<Int.random(in: b + 1...columns, using: &random))
      let wanted = part.0.flatMap { row in part.1.map { found[row * columns + $0] } }
      #expect(QuantisedVectorTests.numbers(product, part.0, part.1) == wanted, "\(part), \(random)")
    }
  }
}
