import FixedRows
import ModelAnatomy
import Threads

/// The row-shift strata of every pair of several models, and the channel-shift tests of their token tables. They are collected
/// layer by layer from samples that are read once per model.
struct CollectionShifts: Sendable {
  private let models: Int
  /// By layer, then by pair: (i, j) with i < j at `j·(j−1)/2 + i`.
  private(set) var strata: [Int: [[ShiftSummary]]] = [:]
  /// Strata of the weights outside of all layers, for models that have no layers.
  private(set) var outside: [[ShiftSummary]] = []
  private(set) var tokens: [(role: String, tests: [RowShiftTest?])] = []

  private static func number(_ i: Int, _ j: Int) -> Int { j * (j - 1) / 2 + i }

  init(models: Int) { self.models = models }

  /// The strata of an earlier pass, for one layer or for the weights outside of all layers.
  init(models: Int, layer: Int?, summaries: [[ShiftSummary]], tokens: [(role: String, tests: [RowShiftTest?])]) {
    self.models = models
    self.tokens = tokens
    guard !summaries.isEmpty else { return }
    if let layer { strata = [layer: summaries] } else { outside = summaries }
  }

  /// Adds the strata of another layer.
  mutating func merge(_ other: CollectionShifts) {
    strata.merge(other.strata) { _, new in new }
    if !other.outside.isEmpty { outside = other.outside }
    tokens += other.tokens
  }

  /// Samples all weights of one layer, or all weights outside of all layers.
  mutating func add(_ groups: ArraySlice<GramPass.Group>, _ workers: Workers) {
    let pairs = (0..<models).flatMap { j in (0..<j).map { (i: $0, j: j) } }
    var found = [[Int: ShiftStratum]](repeating: [:], count: pairs.count)
    for group in groups where !workers.isCancelled {
      let pair = WeightPair(
        candidate: group.weights[0], foundation: group.weights[0], role: group.key.weight.role, rows: group.weights[0].rows)
      if RowShiftTest.suits(pair) {
        // Rows that follow a formula have no vote.
        if group.weights.contains(where: { FormulaRows.hold(in: $0) }) { continue }
        let samples = workers.map(models) { RowSample(of: group.weights[$0]) }
        let cosines = workers.map(pairs.count) { samples[pairs[$0].i].shiftedCosines(with: samples[pairs[$0].j]) }
        for (number, cosines) in cosines.enumerated() {
          let shifts = cosines.values.count
          found[number][shifts, default: ShiftStratum(shifts: shifts)]
            .add(cosines, weight: Double(pair.columns))
        }
      } else if ChannelSample.suits(pair) {
        let samples = workers.map(models) { model in
          var sample = ChannelSample()
          sample.read(group.weights[model], first: pair.rows)
          return sample
        }
        let tests = workers.map(pairs.count) {
          RowShiftTest(channels: samples[pairs[$0].i].shiftedCosines(with: samples[pairs[$0].j]))
        }
        tokens.append((group.key.weight.role.name, tests))
      }
    }
    let summaries = found.map { $0.sorted { $0.key < $1.key }.map(\.value.summary) }
    guard summaries.contains(where: { !$0.isEmpty }) else { return }
    if let layer = groups.first?.key.weight.layer { strata[layer] = summaries } else { outside = summaries }
  }
}

extension CollectionShifts {
  /// The strata of a pair; the model with the lower index is the foundation. `haveLayers`: whether both models have layers; if not,
  /// the weights outside of layers count.
  func strata(_ i: Int, _ j: Int, haveLayers: Bool) -> [Int: [ShiftSummary]] {
    if !haveLayers { return outside.isEmpty ? [:] : [0: outside[Self.number(i, j)]] }
    return strata.mapValues { $0[Self.number(i, j)] }
  }

  /// The tests of the token tables of a pair; the model with the lower index is the foundation.
  func tokenShifts(_ i: Int, _ j: Int) -> [(role: String, test: RowShiftTest)] {
    tokens.compactMap { role, tests in tests[Self.number(i, j)].map { (role, $0) } }
  }
}
