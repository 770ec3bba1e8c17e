import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

/// Verdicts on small checkpoints of the architectures of 2026 (testdata/oracle/architectures_2026.py) with random weights.
@Suite struct Architectures2026CommandTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let tensors: [(name: String, shape: [Int])]

    static let all: [Case] = {
      guard let data = FileManager.default.contents(atPath: Run.testdata + "architectures-2026.json"),
        let list = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
      else { preconditionFailure("no testdata/architectures-2026.json") }
      return list.map { json in
        let tensors = (json["tensors"] as? [[Any]] ?? []).map { ($0[0] as? String ?? "", $0[1] as? [Int] ?? []) }
        return Case(testDescription: json["name"] as? String ?? "", tensors: tensors)
      }
    }()

    /// Writes the model with normal weights of `seed`; vectors are gains near one. `noise`: normal noise of that size, relative to the
    /// weights, on the matrices.
    func write(to folder: TemporaryFolder, _ name: String, seed: UInt64, noise: Float = 0) throws -> String {
      var builder = SafetensorsBuilder()
      var random = SeededGenerator(seed)
      var other = SeededGenerator(seed &+ 1_000_003)
      func normal(_ generator: inout SeededGenerator) -> Float {
        let (a, b) = (Double.random(in: 1e-9..<1, using: &generator), Double.random(in: 0..<1, using: &generator))
        return Float((-2 * a.logarithm).squareRoot() * (2 * Double.pi * b).cosine)
      }
      for tensor in tensors {
        let isMatrix = tensor.shape.count { $0 > 1 } > 1
        let numbers = (0..<tensor.shape.reduce(1, *)).map { _ in
          isMatrix ? 0.02 * normal(&random) + 0.02 * noise * (noise == 0 ? 0 : normal(&other)) : 1 + 0.02 * normal(&random)
        }
        builder.add(tensor.name, .f32, shape: tensor.shape, floats: numbers)
      }
      return try builder.write(to: folder, as: name + ".safetensors")
    }
  }

  @Test("a noised copy is derived, and another seed is not kin", arguments: Case.all)
  func verdicts(model: Case) throws {
    let folder = TemporaryFolder()
    let foundation = try model.write(to: folder, "foundation", seed: 1)
    let copy = Run("compare", try model.write(to: folder, "copy", seed: 1, noise: 0.3), foundation, "--format", "json")
    #expect(copy.exitCode == 0 && copy.relation == "derived", "seed 1: \(copy.relation), \(copy.line ?? "")")
    #expect((copy.verdict["coverage"] as? Double ?? 0) > 0.95)
    let stranger = Run("compare", try model.write(to: folder, "stranger", seed: 2), foundation, "--format", "json")
    #expect(["independent", "insufficient"].contains(stranger.relation), "seed 2: \(stranger.relation)")
  }
}

extension Double {
  fileprivate var logarithm: Double { Foundation.log(self) }
  fileprivate var cosine: Double { Foundation.cos(self) }
}
