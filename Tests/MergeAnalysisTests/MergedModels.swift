import ModelAnatomy
import RealModule
import TestKit

@testable import MergeAnalysis
@testable import WeightSimilarity

/// A seeded base, fine-tunes of it, and merges of these as mergekit makes them: whole matrices, rounded to BF16.
struct MergedModels {
  static let parts = 8
  static let rows = 24
  static let columns = 128

  typealias Model = [[Double]]

  let sample = MergeSample(
    parts: (0..<parts).map { number in
      .init(
        weight: WeightKey(role: .upProj, layer: number), rows: Array(0..<rows), columns: columns, start: number * rows * columns)
    })
  var random: SeededGenerator
  private(set) var models: [Model] = []

  init(seed: UInt64, tunes: Int) {
    random = SeededGenerator(seed)
    models.append(Self.stored(fresh(0.02)))
    for tune in 0..<tunes { models.append(tuned(models[0], by: 0.003 * (1 + 0.5 * Double(tune)))) }
  }

  var base: Model { models[0] }
  var tunes: [Model] { Array(models[1...]) }

  mutating func fresh(_ level: Double) -> Model {
    (0..<Self.parts).map { _ in (0..<Self.rows * Self.columns).map { _ in level * random.normal() } }
  }

  mutating func tuned(_ model: Model, by level: Double) -> Model {
    Self.stored(Self.sum([(1, model), (1, fresh(level))]))
  }

  /// Adds a model; returns its index.
  mutating func add(_ model: Model) -> Int {
    models.append(Self.stored(model))
    return models.count - 1
  }

  /// The differences of a tune from the base.
  func delta(_ tune: Int) -> Model { Self.sum([(1, tunes[tune]), (-1, base)]) }

  static func stored(_ model: Model) -> Model {
    model.map { $0.map { Double(Float(bitPattern: (Float($0).bitPattern &+ 0x8000) & 0xFFFF_0000)) } }
  }

  static func sum(_ all: [(Double, Model)]) -> Model {
    (0..<parts).map { part in
      (0..<rows * columns).map { i in all.reduce(0) { $0 + $1.0 * $1.1[part][i] } }
    }
  }

  /// The base with the sum of some changes.
  func onBase(_ changes: [(Double, Model)]) -> Model { Self.sum([(1, base)] + changes) }

  /// The largest elements of each matrix, `density` of all, without the very largest `gamma`.
  static func largest(_ delta: Model, _ density: Double, without gamma: Double = 0) -> Model {
    delta.map { values in
      let order = values.indices.sorted { abs(values[$0]) < abs(values[$1]) }
      let top = values.count - Int(gamma * Double(values.count))
      var kept = [Double](repeating: 0, count: values.count)
      for i in order[max(0, top - Int(density * Double(values.count)))..<top] { kept[i] = values[i] }
      return kept
    }
  }

  /// Random elements with a probability of `density` ± `epsilon` by rank in the row, divided by the probability.
  mutating func dropped(_ delta: Model, _ density: Double, epsilon: Double = 0) -> Model {
    var out = delta
    for part in delta.indices {
      for start in stride(from: 0, to: delta[part].count, by: Self.columns) {
        let order = (start..<start + Self.columns).sorted { abs(delta[part][$0]) < abs(delta[part][$1]) }
        for (rank, i) in order.enumerated() {
          let p = density - epsilon + 2 * epsilon * Double(rank) / Double(Self.columns - 1)
          out[part][i] = random.uniform() < p ? delta[part][i] / p : 0
        }
      }
    }
    return out
  }

  /// The sum, or the weighted mean, of the elements with the sign of the weighted sum.
  static func elected(_ deltas: [(Double, Model)], isMean: Bool) -> Model {
    (0..<parts).map { part in
      (0..<rows * columns).map { i in
        let total = deltas.reduce(0) { $0 + $1.0 * $1.1[part][i] }
        let agreeing = deltas.filter { $0.1[part][i] != 0 && ($0.1[part][i] < 0) == (total < 0) }
        let sum = agreeing.reduce(0) { $0 + $1.0 * $1.1[part][i] }
        let weight = agreeing.reduce(0) { $0 + $1.0 }
        return isMean ? (weight > 0 ? sum / weight : 0) : sum
      }
    }
  }

  private var gram: [GramMatrix] {
    (0..<Self.parts).map { part in
      GramMatrix(
        layer: part, role: "up_proj", expert: nil, elements: Self.rows * Self.columns, models: Array(models.indices),
        products: models.flatMap { a in models.map { b in zip(a[part], b[part]).reduce(0) { $0 + $1.0 * $1.1 } } },
        sums: models.map { $0[part].reduce(0, +) }, isFinite: models.map { _ in true }, isMatrix: true,
        roundings: models.map { _ in 0.3925 * 0x1p-8 })
    }
  }

  var search: MergeSearch {
    let elements = models.map { model in
      MergeElements(
        values: model.flatMap { $0.map { Float($0) } }, quanta: [Float](repeating: 0x1p-7, count: Self.parts), isCoarse: true,
        type: "BF16", of: sample)
    }
    return MergeSearch(gram, models: models.count, sample: sample) { elements[$0] }
  }

  /// The recipe that is found for a model among all others.
  func recipe(of model: Int) -> MergeRecipe? { search.recipe(of: model, among: Array(models.indices)) }
}
