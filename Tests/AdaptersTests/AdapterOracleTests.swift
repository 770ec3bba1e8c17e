import Checkpoints
import TensorFiles
import TensorViews
import TestKit
import Testing

@testable import Adapters

/// Every kind of adapter against what PEFT itself makes of the base (testdata/oracle/adapters.py).
@Suite struct AdapterOracleTests {
  /// Those that PEFT merged.
  static let merged = AdapterFolders.cases.filter { !["pissa", "loha", "ia3"].contains($0.name) }

  private struct Case {
    let base: Checkpoint
    let parameters: [Parameter]
    let found: AdaptedParameters
    let merged: Checkpoint

    init(_ name: String, _ baseName: String) throws {
      base = try AdapterFolders.base(baseName)
      parameters = AdapterFolders.parameters(of: base)
      found = try AdapterFolders.adapter(name).applied(to: parameters, of: base)
      merged = try Checkpoint.open(AdapterFolders.testdata + "adapters/\(name)/merged.safetensors")
    }

    func rows(_ name: String) -> (any MatrixSource)? { found.parameters.first { $0.name == name }?.rows(of: base) }
  }

  @Test("an adapter changes the parameters that PEFT changes, and no others", arguments: merged)
  func changes(name: String, base: String) throws {
    let one = try Case(name, base)
    #expect(Set(one.found.changed) == Set(one.merged.tensors.map(\.name.string)) && one.found.warnings.isEmpty)
    #expect(one.found.changed.count == one.merged.tensors.count)
    #expect(Array(one.found.parameters.map(\.name).prefix(one.parameters.count)) == one.parameters.map(\.name))
    for parameter in one.found.parameters where !one.found.changed.contains(parameter.name) {
      guard case .stored = parameter.content else {
        Issue.record("\(parameter.name) was changed")
        continue
      }
    }
  }

  @Test("changed parameters have PEFT's numbers", arguments: merged.filter { !$0.name.hasSuffix("bf16") })
  func numbers(name: String, base: String) throws {
    let one = try Case(name, base)
    for tensor in one.merged.tensors {
      let expected = Parameter(tensor)
      let parameter = try #require(one.found.parameters.first { $0.name == tensor.name.string })
      #expect(parameter.shape == expected.shape)
      let (ours, theirs) = (parameter.rows(of: one.base).all, expected.rows(of: one.merged).all)
      let size = theirs.map(\.magnitude).max() ?? 0
      let error = zip(ours, theirs).map { ($0 - $1).magnitude }.max() ?? .nan
      #expect(error <= 1e-6 * size, "\(tensor.name): \(error) of \(size)")
    }
  }

  @Test(
    "factors in bf16 give PEFT's numbers but for its roundings",
    arguments: merged.filter { $0.name == "lora-bf16" })
  func roundings(name: String, base: String) throws {
    let one = try Case(name, base)
    for tensor in one.merged.tensors {
      let ours = try #require(one.rows(tensor.name.string)).all
      let theirs = Parameter(tensor).rows(of: one.merged).all
      let before = Parameter(try #require(one.base.tensor(named: tensor.name))).rows(of: one.base).all
      // The change is rounded, then the sum; a product that lies between two bf16 may fall to either side.
      let rounded = zip(ours, before).map { Self.bf16($1 + Self.bf16($0 - $1)) }
      #expect(zip(rounded, theirs).count { $0 == $1 } * 100 >= theirs.count * 98, "\(tensor.name)")
      for ((ours, theirs), before) in zip(zip(ours, theirs), before) {
        #expect((ours - theirs).magnitude <= 0x1p-8 * ((ours - before).magnitude + theirs.magnitude) * 1.01)
      }
    }
  }

  @Test("DoRA in bf16 stays within the roundings of its five steps", arguments: merged.filter { $0.name == "dora-bf16" })
  func doraRoundings(name: String, base: String) throws {
    let one = try Case(name, base)
    for tensor in one.merged.tensors {
      let (ours, theirs) = (try #require(one.rows(tensor.name.string)).all, Parameter(tensor).rows(of: one.merged).all)
      let size = theirs.map(\.magnitude).max() ?? 0
      #expect(zip(ours, theirs).nonEmptyAllSatisfy { ($0 - $1).magnitude <= 5 * 0x1p-8 * size })
      let error = zip(ours, theirs).reduce(0.0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
      #expect(error <= 0x1p-14 * theirs.reduce(0.0) { $0 + Double($1) * Double($1) })
    }
  }

  @Test("every rectangle has the numbers of the whole, bit for bit", arguments: merged)
  func rectangles(name: String, base: String) throws {
    // Two, so that nothing depends on what was read before.
    let (one, other) = (try Case(name, base), try Case(name, base))
    var random = SeededGenerator(name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    for name in one.found.changed {
      let whole = try #require(one.rows(name)).all
      let source = try #require(other.rows(name))
      for _ in 0..<20 {
        let rows = Self.range(below: source.rows, &random)
        let columns = Self.range(below: source.columns, &random)
        let expected = rows.flatMap { row in columns.map { whole[row * source.columns + $0] } }
        #expect(source.numbers(rows, columns) == expected, "\(name) \(rows) × \(columns), \(random)")
      }
    }
  }

  private static func range(below count: Int, _ random: inout SeededGenerator) -> Range<Int> {
    let first = Int.random(in: 0..<count, using: &random)
    return first..<Int.random(in: first...count, using: &random)
  }

  private static func bf16(_ number: Float) -> Float {
    let bits = number.bitPattern
    return Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000)
  }
}
