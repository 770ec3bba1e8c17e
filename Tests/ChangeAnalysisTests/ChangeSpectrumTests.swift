import ElementTypes
import ModelAnatomy
import ModelKit
import TestKit
import Testing

@testable import ChangeAnalysis
@testable import WeightSimilarity

@Suite struct ChangeSpectrumTests {
  private func spectra(_ tuned: TunedModel, _ base: TunedModel, _ type: ElementType, from other: ElementType? = nil) throws
    -> [ChangeSpectrum]
  {
    let pairing = try tuned.pairing(with: base, type, from: other)
    return pairing.pairs.filter { $0.rows > 1 }.compactMap { pair in
      ChangeBlock(pair, .init(rows: 256, columns: 512)).flatMap { ChangeSpectrum($0, rows: pair.rows, columns: pair.columns) }
    }
  }

  @Test(
    "an update of rank r has rank r, with a step behind it, in whatever type both are stored",
    arguments: [ElementType.f32, .bf16, .f16], [1, 3, 8])
  func ranks(type: ElementType, rank: Int) throws {
    for (width, scale) in [(32, 0.3), (48, 0.1)] {
      let base = TunedModel(layers: 1, width: width, seed: UInt64(100 + rank))
      let found = try spectra(base.adding(rank: rank, to: ["q_proj", "up_proj"], scale: scale), base, type)
      #expect(found.count == 2 && found.nonEmptyAllSatisfy { $0.rank == rank && $0.isLow && $0.isSharp }, "\(base.random)")
      #expect(found.nonEmptyAllSatisfy { $0.energyOfRank > 0.99 && ($0.energyOfEight ?? 0) > 0.99 })
    }
  }

  @Test("an update that was computed in bf16 before it was added to f32 still has its rank")
  func coarseUpdate() throws {
    // Through a model in bf16 that holds the update alone.
    let base = TunedModel(layers: 1, width: 48, seed: 7)
    let update = base.adding(rank: 4, to: ["q_proj"], scale: 0.1)
    let name = "model.layers.0.self_attn.q_proj.weight"
    let (before, after) = (try #require(base.tensors[name]), try #require(update.tensors[name]))
    let change = zip(after.values, before.values).map { new, old in
      let delta = new - old
      return old + Float(bitPattern: (delta.bitPattern &+ 0x7FFF &+ (delta.bitPattern >> 16 & 1)) & 0xFFFF_0000)
    }
    let (a, b) = (
      TensorSet([(name, .f32, [before.rows, before.columns], before.values)]),
      TensorSet([(name, .f32, [before.rows, before.columns], change)])
    )
    let pair = try #require(try b.pairing(with: a).pairs.first)
    let block = try #require(ChangeBlock(pair, .init(rows: 256, columns: 512)))
    #expect(ChangeSpectrum(block, rows: pair.rows, columns: pair.columns)?.rank == 4)
  }

  @Test("rounding alone has rank 0: a cast, and a copy that was trained from finer numbers than were published")
  func rounding() throws {
    for seed in 0..<20 as Range<UInt64> {
      let base = TunedModel(layers: 1, width: 32, tokens: 60, seed: 1000 + seed)
      for (type, other) in [(ElementType.bf16, ElementType.f32), (.f16, .f32), (.bf16, .f16)] {
        let found = try spectra(base, base, type, from: other)
        #expect(found.count == 6 && found.nonEmptyAllSatisfy { $0.rank == 0 && $0.noise >= 1 }, "\(base.random) \(type)")
      }
    }
  }

  @Test("numbers of bf16 that were stored in f32 are rounded as bf16 is")
  func upcast() throws {
    let base = TunedModel(layers: 1, width: 48, seed: 9)
    let tuned = base.adding(rank: 4, to: ["q_proj"], scale: 0.1)
    let cut = { (model: TunedModel) throws -> TensorSet in
      let name = "model.layers.0.self_attn.q_proj.weight"
      let tensor = try #require(model.tensors[name])
      let values = tensor.values.map { Float(bitPattern: ($0.bitPattern &+ 0x8000) & 0xFFFF_0000) }
      return TensorSet([(name, .f32, [tensor.rows, tensor.columns], values)])
    }
    let pair = try #require(try cut(tuned).pairing(with: try cut(base)).pairs.first)
    let block = try #require(ChangeBlock(pair, .init(rows: 256, columns: 512)))
    #expect(ChangeSpectrum(block, rows: pair.rows, columns: pair.columns)?.rank == 4)
  }

  @Test("a change in all directions is not low", arguments: [ElementType.f32, .bf16, .f16])
  func full(type: ElementType) throws {
    let base = TunedModel(layers: 1, width: 48, seed: 11)
    let found = try spectra(base.adding(noise: 0.3, to: ["q_proj", "up_proj"]), base, type)
    #expect(found.count == 2 && found.nonEmptyAllSatisfy { !$0.isLow && 2 * $0.rank > 48 }, "\(base.random)")
  }

  @Test("some rows and columns of a change have its rank")
  func part() throws {
    let base = TunedModel(layers: 1, width: 96, seed: 13)
    let pairing = try base.adding(rank: 6, to: ["up_proj"], scale: 0.2).pairing(with: base, .bf16)
    let pair = try #require(pairing.pairs.first { $0.role.name == "up_proj" })
    let block = try #require(ChangeBlock(pair, .init(rows: 40, columns: 50)))
    #expect(block.rows == 40 && block.columns == 50)
    let spectrum = try #require(ChangeSpectrum(block, rows: pair.rows, columns: pair.columns))
    #expect(spectrum.rank == 6 && spectrum.isLow && spectrum.isSharp)
  }

  @Test("no change has no spectrum, and elements that are not finite have no part in one")
  func nothing() throws {
    let base = TunedModel(layers: 1, width: 32, seed: 17)
    #expect(try spectra(base, base, .f32).isEmpty)
    var values = (0..<32 * 32).map { Float($0 % 7) }
    let a = TensorSet([("layers.0.w.weight", .f32, [32, 32], values)])
    (values[5], values[40]) = (.nan, 100)
    let pair = try #require(try TensorSet([("layers.0.w.weight", .f32, [32, 32], values)]).pairing(with: a).pairs.first)
    let block = try #require(ChangeBlock(pair, .init(rows: 256, columns: 512)))
    #expect(ChangeSpectrum(block, rows: 32, columns: 32)?.rank == 1 && block.difference[5] == 0)
  }
}
