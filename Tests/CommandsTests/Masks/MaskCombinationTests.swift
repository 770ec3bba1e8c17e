import TestKit
import Testing

@testable import Commands

/// Rewrites on top of each other, of aurora: the verdict survives all of them.
@Suite("Masks, several at a time") struct MaskCombinationTests {
  private let folder = TemporaryFolder()

  private func compare(_ candidate: MaskedWeights, _ foundation: MaskedWeights, asInt8: Bool = false) throws -> Run {
    Run(
      "compare", try candidate.write(to: folder, asInt8: asInt8), try foundation.write(to: folder), "--format", "json")
  }

  /// How a candidate is made of aurora's first two layers.
  enum Case: String, CaseIterable, CustomTestStringConvertible {
    case embeddingsReplacedAndRotated, narrowedAndRotated, expertsPermutedEach, quantisedAfterRotation, maskedThenTuned

    var testDescription: String { rawValue }
    var words: Set<String> {
      switch self {
      case .embeddingsReplacedAndRotated: ["embeddings replaced", "residual basis rotated", "norm gains folded"]
      case .narrowedAndRotated: ["width pruned", "residual basis rotated", "norm gains folded"]
      case .expertsPermutedEach: ["experts copied from a dense MLP", "neurons permuted"]
      case .quantisedAfterRotation: ["residual basis rotated", "norm gains folded"]
      case .maskedThenTuned:
        [
          "residual basis rotated", "norm gains folded", "neurons permuted", "neurons' signs turned",
          "scales traded between up and down", "heads permuted", "heads rotated", "scales traded inside heads",
        ]
      }
    }
    /// What the rest of the cosine is lost to.
    var leastCosine: Double {
      switch self {
      // A third of the parameters are tables of noise.
      case .embeddingsReplacedAndRotated: 0.5
      // The basis is fitted to the channels that were cut away, too, whose products with the others are not zero.
      case .narrowedAndRotated: 0.95
      // Noise of a tenth: 1 / √1.01.
      case .maskedThenTuned: 0.99
      default: 0.999
      }
    }

    func apply(to weights: inout MaskedWeights, _ random: inout SeededGenerator) {
      switch self {
      case .embeddingsReplacedAndRotated:
        weights.replaceEmbeddings(&random)
        weights.rotate(&random)
      case .narrowedAndRotated:
        weights.narrow()
        weights.rotate(&random)
      case .expertsPermutedEach: weights.copyToExperts(2, permuted: true, &random)
      case .quantisedAfterRotation: weights.rotate(&random)
      case .maskedThenTuned:
        weights.permuteNeurons(&random)
        weights.permuteHeads(&random)
        weights.rotateHeads(&random)
        weights.tradeScales(&random)
        weights.rotate(&random)
        weights.tune(0.1, &random)
      }
    }
  }

  @Test("a copy behind several masks is derived, its masks are named and undone", arguments: Case.allCases)
  func derived(combination: Case) throws {
    var random = SeededGenerator(41)
    let foundation = try MaskedWeights("aurora", layers: 2)
    var candidate = foundation
    combination.apply(to: &candidate, &random)
    let run = try compare(candidate, foundation, asInt8: combination == .quantisedAfterRotation)
    #expect(run.relation == "derived", "\(random)")
    #expect(Set(run.verdict["rewrites"] as? [String] ?? []) == combination.words, "\(random)")
    let aligned = try #require(run.verdict["aligned_cosine"] as? Double, "\(random)")
    #expect(aligned > combination.leastCosine, "\(random)")
  }

  @Test("layers that were repeated and rotated have their origins")
  func upscaled() throws {
    var random = SeededGenerator(42)
    let foundation = try MaskedWeights("aurora", layers: 3)
    var candidate = foundation
    candidate.takeLayers([0, 1, 1, 2], &random)
    candidate.rotate(&random)
    let run = try compare(candidate, foundation)
    let words: Set = ["layers repeated", "residual basis rotated", "norm gains folded"]
    #expect(run.relation == "derived" && Set(run.verdict["rewrites"] as? [String] ?? []) == words, "\(random)")
    let layers = try #require(run.json["layers"] as? [[String: Any]])
    #expect(layers.map { $0["foundation_layer"] as? Int } == [0, 1, 1, 2])
    #expect(layers.nonEmptyAllSatisfy { ($0["aligned_cosine"] as? Double ?? 0) > 0.999 }, "\(random)")
  }

  @Test("of a model of which half of the layers were taken over and rotated, that half is named")
  func half() throws {
    var random = SeededGenerator(43)
    let foundation = try MaskedWeights("aurora")
    var candidate = foundation
    candidate.takeLayers([0, 1, nil, nil], &random)
    candidate.rotate(&random)
    let run = try compare(candidate, foundation)
    #expect(run.relation == "partial", "\(random)")
    #expect((run.verdict["summary"] as? String)?.contains("layers 0–1 of 4 have, layers 2–3 have not") == true, "\(random)")
    #expect((run.verdict["rewrites"] as? [String])?.contains("residual basis rotated") == true, "\(random)")
  }

  @Test("a stranger behind the same masks stays one")
  func stranger() throws {
    var random = SeededGenerator(44)
    var candidate = try MaskedWeights("borealis", layers: 2)
    candidate.permuteNeurons(&random)
    candidate.rotate(&random)
    let run = try compare(candidate, try MaskedWeights("aurora", layers: 2))
    #expect(["independent", "insufficient"].contains(run.relation), "\(random)")
    #expect(
      (run.verdict["rewrites"] as? [String])?.isEmpty == true && run.verdict["aligned_cosine"] is Double == false, "\(random)")
  }
}
