import ElementTypes
import Foundation
import TestKit
import Testing

@testable import Commands

/// Models with more layers than can be tried with each other, which a small file can claim; found by Tests/Benchmarks/hostile_sizes.py.
@Suite struct HostileDepthTests {
  private let folder = TemporaryFolder()
  private let layers = 1025

  /// Layers of normal numbers, the same for one seed; the first is at place `first`.
  private func model(_ name: String, seed: UInt64, first: Int = 0, width: Int = 8) throws -> String {
    var random = SeededGenerator(seed)
    var builder = SafetensorsBuilder()
    for i in 0..<layers {
      for (part, shape) in [("gate_proj", [16, width]), ("up_proj", [16, width]), ("down_proj", [width, 16])] {
        let floats = (0..<16 * width).map { _ in Float(random.normal()) }
        builder.add("model.layers.\((i + first) % layers).mlp.\(part).weight", .f32, shape: shape, floats: floats)
      }
    }
    return try builder.write(to: folder, as: name + ".safetensors")
  }

  @Test("they are compared in place, and what was not looked for is said")
  func compared() throws {
    let (a, moved, other) = (try model("a", seed: 1), try model("moved", seed: 1, first: 1), try model("other", seed: 2))
    #expect(Run("compare", a, a, "--depth", "thorough", "--format", "json").relation == "identical")
    for candidate in [moved, other] {
      let run = Run("compare", candidate, a, "--format", "json")
      #expect(run.exitCode == 0 && run.relation == "independent", "\(run.line ?? "")")
      #expect(
        run.answer.contains("the models have more than 1048576 pairs of layers, so only the stored positions were compared"))
      #expect(!run.answer.contains("layers in any order"))
    }
    // Too small for any test.
    let small = try [1, 2].map { try model("small\($0)", seed: $0, width: 2) }
    let run = Run("compare", small[0], small[1], "--format", "json")
    #expect(run.relation == "insufficient" && run.answer.contains("only the stored positions were compared"))
    let file = folder.path(of: "report.html")
    let page = Run("compare", other, a, "--format", "html", "--report", file)
    #expect(page.exitCode == 0 && page.answer.contains("Not drawn, because the models have more than 1048576 pairs of layers."))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == page.answer)
  }

  @Test(
    "no heatmap is drawn of them, and why is said in one line",
    arguments: [["heatmap"], ["heatmap", "--metric", "aligned"], ["compare"]])
  func heatmap(command: [String]) throws {
    let (a, b) = (try model("a", seed: 1), try model("b", seed: 2))
    let extra = command[0] == "compare" ? ["--heatmap", folder.path(of: "map.csv")] : []
    let run = Run(command + [a, b] + extra)
    #expect(run.exitCode == 65)
    #expect(
      run.line?.contains("1025 and 1025 layers are more than the 1048576 pairs that a heatmap can hold") ?? false,
      "\(run.line ?? "")")
    #expect(!run.hasAnswer)
  }
}
