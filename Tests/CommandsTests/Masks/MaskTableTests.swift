import Foundation
import TestKit
import Testing

@testable import Commands

/// Each rewrite alone on the first two layers of aurora: what is named, and nothing else.
@Suite("Masks, one at a time") struct MaskTableTests {
  enum Mask: String, CaseIterable, CustomTestStringConvertible {
    case neurons, heads, headsInside, scales, scalesWithoutSigns, gainsFolded, gainsTraded, channels, channelSigns, basis
    case embeddings, tokens, narrow, experts, tuned, dropped, endDropped, repeated, reordered, inserted

    var testDescription: String { rawValue }

    /// What the report has to say.
    var words: [String] {
      switch self {
      case .neurons: ["neurons permuted"]
      case .heads: ["heads permuted"]
      case .headsInside: ["heads rotated"]
      case .scales:
        ["neurons' signs turned", "scales traded between up and down", "heads' signs turned", "scales traded inside heads"]
      case .scalesWithoutSigns: ["scales traded between up and down", "scales traded inside heads"]
      case .gainsFolded: ["norm gains folded"]
      case .gainsTraded: ["norm gains traded with their readers"]
      case .channels: ["residual channels permuted"]
      case .channelSigns: ["residual channels' signs turned"]
      case .basis: ["residual basis rotated", "norm gains folded"]
      case .embeddings: ["embeddings replaced"]
      case .tokens: ["vocabulary changed"]
      case .narrow: ["width pruned"]
      case .experts: ["experts copied from a dense MLP"]
      case .tuned: []
      case .dropped, .endDropped: ["layers dropped"]
      case .repeated: ["layers repeated"]
      case .reordered: ["layers reordered"]
      case .inserted: ["layers inserted"]
      }
    }

    /// Whether something has to be undone for the models to be seen side by side.
    var hidesCoordinates: Bool {
      switch self {
      case .neurons, .heads, .headsInside, .scales, .channels, .channelSigns, .basis, .narrow: true
      default: false
      }
    }

    func apply(to weights: inout MaskedWeights, _ random: inout SeededGenerator) {
      switch self {
      case .neurons: weights.permuteNeurons(&random)
      case .heads: weights.permuteHeads(&random)
      case .headsInside: weights.rotateHeads(&random)
      case .scales: weights.tradeScales(&random)
      case .scalesWithoutSigns: weights.tradeScales(&random, signs: false)
      case .gainsFolded: weights.foldGains()
      case .gainsTraded: weights.tradeGains(&random)
      case .channels: weights.moveChannels(&random)
      case .channelSigns: weights.moveChannels(&random, permuted: false, signs: true)
      case .basis: weights.rotate(&random)
      case .embeddings: weights.replaceEmbeddings(&random)
      case .tokens: weights.addTokens(16, &random)
      case .narrow: weights.narrow()
      case .experts: weights.copyToExperts(2, &random)
      case .tuned: weights.tune(0.3, &random)
      case .dropped: weights.takeLayers([0, 2, 3], &random)
      case .endDropped: weights.takeLayers([0, 1, 2], &random)
      case .repeated: weights.takeLayers([0, 1, 2, 1, 2, 3], &random)
      case .reordered: weights.takeLayers([0, 2, 1, 3], &random)
      case .inserted: weights.takeLayers([0, 1, nil, 2, 3], &random)
      }
    }

    /// Scales alone keep most of each cosine: nothing looks suspicious until all is looked at.
    var depth: String { self == .scalesWithoutSigns || self == .narrow ? "thorough" : "standard" }

    /// Layers need some to move.
    var layers: Int? { [.dropped, .endDropped, .repeated, .reordered, .inserted].contains(self) ? nil : 2 }
  }

  @Test("a rewrite is named, and no other", arguments: Mask.allCases)
  func named(mask: Mask) throws {
    let folder = TemporaryFolder()
    var random = SeededGenerator(31)
    let foundation = try MaskedWeights("aurora", layers: mask.layers)
    var candidate = foundation
    mask.apply(to: &candidate, &random)
    let run = Run(
      "compare", try candidate.write(to: folder), try foundation.write(to: folder), "--depth", mask.depth, "--format", "json")
    #expect(run.relation == (mask == .inserted ? "partial" : "derived"), "\(random)")
    #expect(run.verdict["rewrites"] as? [String] == mask.words, "\(random)")
    if mask.hidesCoordinates {
      let aligned = try #require(run.verdict["aligned_cosine"] as? Double, "\(random)")
      #expect(aligned > 0.9999, "\(random)")
    } else if mask != .scalesWithoutSigns && mask != .gainsTraded {
      #expect(run.verdict["aligned_cosine"] is NSNull)
    }
  }

  @Test(
    "kin that were only trained further have no rewrites", arguments: ["aurora-chat", "aurora-lora", "variants/aurora-noise"])
  func unmasked(name: String) {
    let run = Run("compare", Run.testdata + name, Run.testdata + "aurora", "--depth", "thorough", "--format", "json")
    let expected = name.hasSuffix("noise") ? ["vocabulary changed"] : []
    #expect(run.verdict["rewrites"] as? [String] == expected && run.verdict["aligned_cosine"] is NSNull)
  }
}
