import Checkpoints
import ElementTypes
import Foundation
import ModelAnatomy
import RoleInference
import TensorFiles
import TestKit
import Testing
import Threads
import WeightSimilarity

@testable import Lineage

/// What distances and norms say of models whose history is known, because it was drawn.
@Suite struct GrowthTests {
  private typealias Weights = [[Float]]
  private static let (layers, rows, columns) = (3, 32, 256)

  private func drawn(_ random: inout SeededGenerator, scale: Double = 1) -> Weights {
    (0..<Self.layers).map { _ in (0..<Self.rows * Self.columns).map { _ in Float(scale * random.normal()) } }
  }

  private func sum(_ a: Weights, _ b: Weights, _ factor: Float = 1) -> Weights {
    zip(a, b).map { zip($0, $1).map { $0 + factor * $1 } }
  }

  private func look(_ foundation: Weights, _ candidate: Weights) throws -> [TensorSimilarity] {
    let folder = TemporaryFolder()
    let anatomies = try [candidate, foundation].enumerated().map { number, weights in
      var builder = SafetensorsBuilder()
      for (layer, values) in weights.enumerated() {
        builder.add("model.layers.\(layer).mlp.up_proj.weight", .f32, shape: [Self.rows, Self.columns], floats: values)
      }
      return ModelReading.anatomy(of: try Checkpoint.open(try builder.write(to: folder, as: "\(number).safetensors")))
    }
    return InPlacePass(Pairing(candidate: anatomies[0], foundation: anatomies[1]), workers: Workers(threads: 1)).run().tensors
  }

  @Test("the norm of what something was added to is the shorter one, by the right triangle")
  func orthogonal() throws {
    var random = SeededGenerator(1)
    let parent = drawn(&random)
    let child = sum(parent, drawn(&random, scale: 0.3))
    let growth = try #require(NormGrowth(try look(parent, child)))
    #expect(abs(growth.quotient - 1) < 0.15 && growth.error < 0.1)
    let back = try #require(NormGrowth(try look(child, parent)))
    #expect(abs(back.quotient + growth.quotient) < 1e-6)
    let evidence = growth.evidence(first: "parent", second: "child")
    #expect(evidence.logOdds > log(9) && evidence.logOdds < log(18))
    #expect(evidence.first == evidence.neither)
    #expect(abs(back.evidence(first: "child", second: "parent").logOdds + evidence.logOdds) < 1e-6)
  }

  @Test("siblings' norms say nothing, nor do those of strangers and of equals")
  func siblings() throws {
    var random = SeededGenerator(2)
    let parent = drawn(&random)
    let (a, b) = (sum(parent, drawn(&random, scale: 0.3)), sum(parent, drawn(&random, scale: 0.3)))
    let growth = try #require(NormGrowth(try look(a, b)))
    let evidence = growth.evidence(first: "a", second: "b")
    #expect(abs(evidence.logOdds) < 0.5 && evidence.neither > evidence.first && evidence.neither > evidence.second)
    #expect(NormGrowth(try look(a, drawn(&random))) == nil)
    #expect(NormGrowth(try look(a, a)) == nil)
  }

  @Test("a child keeps what its parent had learnt; a sibling branches off on the way")
  func inheritance() throws {
    var random = SeededGenerator(3)
    let origin = drawn(&random)
    let (first, second) = (drawn(&random, scale: 0.1), drawn(&random, scale: 0.1))
    let parent = sum(sum(origin, first), second)
    let child = sum(parent, drawn(&random, scale: 0.1))
    let sibling = sum(sum(origin, first), drawn(&random, scale: 0.1))
    let place = { (end: Weights) throws -> Double? in
      Inheritance(step: try look(parent, end), before: try look(origin, parent), whole: try look(origin, end))?.place
    }
    #expect(try #require(try place(child)) < 0.05)
    #expect(abs(try #require(try place(sibling)) - 0.5) < 0.05)
    #expect(Inheritance(place: 0, turn: 0).evidence(origin: "o", parent: "p", child: "c").logOdds == 0)
    #expect(Inheritance(place: 0.5, turn: -0.7).evidence(origin: "o", parent: "p", child: "c").first < -4)
    #expect(Inheritance(place: 0, turn: 0.2).evidence(origin: "o", parent: "p", child: "c").first < -3)
  }

  @Test("of two siblings that share most of what they learnt, the second hangs from their parent and not from the first")
  func lifted() throws {
    var random = SeededGenerator(4)
    let origin = drawn(&random)
    let common = sum(origin, drawn(&random, scale: 0.3))
    let weights = [
      "o": origin, "p": sum(common, drawn(&random, scale: 0.1)), "s": sum(common, drawn(&random, scale: 0.1)),
    ]
    let seen = { (foundation: String, candidate: String) -> [TensorSimilarity]? in
      guard let a = weights[foundation], let b = weights[candidate] else { return nil }
      return try? self.look(a, b)
    }
    let pairs: [ScanPair] = try [("p", "o"), ("s", "o"), ("s", "p")].map { candidate, foundation in
      let cosines = try #require(seen(foundation, candidate)).compactMap(\.cosine)
      let verdict = Verdict(
        relation: .derived, score: 1, coverage: 1, cosine: cosines.reduce(0, +) / Double(cosines.count), log10P: -100,
        rewrites: [],
        tuning: [], reason: nil, evidence: [], caveats: [])
      return ScanPair(candidate: candidate, foundation: foundation, verdict: verdict)
    }
    let findings = ScanFindings(
      models: ["o", "p", "s"].map { .init(id: $0, path: $0, parameters: 100, layers: Self.layers, architecture: nil) },
      pairs: pairs, foundations: ["o", "p", "s"])
    let traits = findings.models.map { _ in ModelTraits() }
    let tree = FamilyTree(TreeSkeleton(findings, traits: traits, bases: [], look: seen), look: seen)
    #expect(tree.roots == [0])
    #expect(tree.edges.map(\.parent) == [0, 0] && tree.edges.map(\.child) == [1, 2])
    let facts = tree.edges.compactMap(\.evidence.first?.fact)
    #expect(facts.contains { if case .sibling(of: "p", let reasons) = $0 { !reasons.isEmpty } else { false } })
  }
}
