import Checkpoints
import ElementTypes
import Foundation
import Matching
import ModelAnatomy
import RoleInference
import TensorFiles
import TestKit
import Testing
import Threads

@testable import WeightSimilarity

@Suite("how models of unknown names are read")
struct ReadingChooserTests {
  private let workers = Workers(threads: 2)
  private static let testdata =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path + "/testdata/"

  private func anatomy(_ path: String) throws -> Anatomy { ModelReading.anatomy(of: try Checkpoint.open(path)) }

  private func compared(_ candidate: Anatomy, _ foundation: Anatomy) -> InPlaceSimilarity {
    InPlacePass(PairingChoice.inPlace(candidate, foundation, workers: workers), workers: workers).run()
  }

  /// What does not depend on names.
  private func figures(_ similarity: InPlaceSimilarity) -> [String: [Double?]] {
    Dictionary(
      similarity.tensors.map {
        ("\($0.role) \($0.layer ?? -1) \($0.foundationLayer ?? -1)", [$0.cosine, $0.centredCosine, $0.relativeL2, $0.equalShare])
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test("a renamed fine-tune has the very figures of one that kept its names, on either side", arguments: Disguise.Style.allCases)
  func renamed(style: Disguise.Style) throws {
    let (chat, aurora) = (try anatomy(Self.testdata + "aurora-chat"), try anatomy(Self.testdata + "aurora"))
    let truth = compared(chat, aurora)
    let candidate = try Disguise(of: Self.testdata + "aurora-chat", style, seed: 21)
    let own = compared(try anatomy(candidate.path), aurora)
    #expect(figures(own) == figures(truth) && own.coverage == 1 && own.overall.cosine == truth.overall.cosine)
    #expect(own.rewrites == [.tensorsRenamed])
    #expect(try #require(own.rowShift).log10P < -60)
    let foundation = try Disguise(of: Self.testdata + "aurora", style, seed: 22)
    let theirs = compared(chat, try anatomy(foundation.path))
    #expect(figures(theirs) == figures(truth) && theirs.coverage == 1)
    let both = compared(try anatomy(candidate.path), try anatomy(foundation.path))
    #expect(both.overall.cosine.map { abs($0 - (truth.overall.cosine ?? 0)) < 1e-12 } == true && both.coverage == 1)
  }

  @Test("a renamed copy is identical", arguments: [Disguise.Style.random, .shuffled])
  func identical(style: Disguise.Style) throws {
    let disguise = try Disguise(of: Self.testdata + "aurora", style, seed: 23)
    #expect(compared(try anatomy(disguise.path), try anatomy(Self.testdata + "aurora")).isIdentical)
  }

  @Test("a renamed stranger stays one, although all of its tensors were tried with all", arguments: Disguise.Style.allCases)
  func stranger(style: Disguise.Style) throws {
    let disguise = try Disguise(of: Self.testdata + "borealis", style, seed: 24)
    let similarity = compared(try anatomy(disguise.path), try anatomy(Self.testdata + "aurora"))
    #expect(try #require(similarity.rowShift).log10P > -1 && similarity.coverage == 1)
  }

  @Test("a layer that was dropped before the rest was renamed is missed, and the others are found")
  func dropped() throws {
    let disguise = try Disguise(of: Self.testdata + "aurora-chat", .shuffled, seed: 25) { !$0.contains("layers.1.") }
    let aurora = try anatomy(Self.testdata + "aurora")
    let pairing = PairingChoice.inPlace(try anatomy(disguise.path), aurora, workers: workers)
    #expect(pairing.candidate.layerNumbers == [0, 1, 2])
    let order = try #require(LayerOrderSearch.order(candidate: pairing.candidate, foundation: aurora, workers: workers))
    #expect(order.origins == [0: 0, 1: 2, 2: 3])
  }

  @Test("a renamed GPT-2, fused and stored with its inputs first, is read as one")
  func convolution() throws {
    var random = SeededGenerator(26)
    var (original, tuned) = (SafetensorsBuilder(), SafetensorsBuilder())
    func add(_ name: String, _ shape: [Int]) {
      let values = (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) + (shape.count == 1 ? 3 : 0) }
      original.add(name, .f32, shape: shape, floats: values)
      tuned.add(name, .f32, shape: shape, floats: values.map { $0 + 0.1 * Float(random.normal()) })
    }
    add("wte.weight", [50, 16])
    add("wpe.weight", [24, 16])
    for layer in 0..<3 {
      let h = "h.\(layer)."
      for norm in ["ln_1", "ln_2"] { for kind in ["weight", "bias"] { add(h + "\(norm).\(kind)", [16]) } }
      for (name, shape) in [
        ("attn.c_attn", [16, 48]), ("attn.c_proj", [16, 16]), ("mlp.c_fc", [16, 64]), ("mlp.c_proj", [64, 16]),
      ] {
        add(h + name + ".weight", shape)
        add(h + name + ".bias", [shape[1]])
      }
    }
    add("ln_f.weight", [16])
    add("ln_f.bias", [16])
    let folder = TemporaryFolder()
    let foundation = try anatomy(try original.write(to: folder, as: "a.safetensors"))
    #expect(foundation.architecture == "gpt2")
    let truth = compared(try anatomy(try tuned.write(to: folder, as: "b.safetensors")), foundation)
    let disguise = try Disguise(tuned, .shuffled, seed: 27)
    let found = compared(try anatomy(disguise.path), foundation)
    #expect(figures(found) == figures(truth) && found.coverage == 1, "\(random)")
  }

  @Test("experts copied from a dense MLP are told from layers, though nothing else tells them")
  func experts() throws {
    var random = SeededGenerator(28)
    var (dense, sparse) = (SafetensorsBuilder(), SafetensorsBuilder())
    func add(_ name: String, _ shape: [Int], _ copies: Int = 1) {
      let values = (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }
      dense.add("model." + name, .f32, shape: shape, floats: values)
      for copy in 0..<copies {
        sparse.add("\(name).\(copy)", .f32, shape: shape, floats: values.map { $0 + 0.1 * Float(random.normal()) })
      }
    }
    add("embed_tokens.weight", [40, 16])
    for layer in 0..<3 {
      for (name, rows) in [("q", 16), ("k", 12), ("v", 12), ("o", 16)] {
        add("layers.\(layer).self_attn.\(name)_proj.weight", [rows, 16])
      }
      for name in ["gate", "up"] { add("layers.\(layer).mlp.\(name)_proj.weight", [24, 16], 4) }
      add("layers.\(layer).mlp.down_proj.weight", [16, 24], 4)
    }
    let folder = TemporaryFolder()
    let foundation = try anatomy(try dense.write(to: folder))
    let disguise = try Disguise(sparse, .shuffled, seed: 29)
    let pairing = PairingChoice.inPlace(try anatomy(disguise.path), foundation, workers: workers)
    #expect(pairing.candidate.layers == 3 && pairing.coverage == 1)
    #expect(Set(pairing.candidate.weights.filter { $0.role == .upProj }.map(\.expert)) == [0, 1, 2, 3])
  }
}
