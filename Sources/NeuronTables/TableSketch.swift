import BasisRecovery
import LinearAlgebra
package import ModelAnatomy
package import Threads

/// The neuron tables of a model in a size that a catalogue can keep: fewer neurons than `ModelTables`, cosines in eight bits.
///
/// ```swift
/// let sketch = TableSketch(of: anatomy, workers: workers)!
/// sketch.match(with: known, workers: workers).log10P    // −40 for a rewritten copy, 0 for an unrelated model
/// ```
///
/// A unit (the MLP of a layer, or an expert) takes about 13 kB. A catalogue keeps six units (`kept`), and an unknown model is compared with
/// all of its own. A cosine is rounded to 1/127 of the largest one of its table: with rows of 4096 numbers, chance gives cosines of 0.016, and
/// a step is 0.004 where the largest cosine is 0.5.
package struct TableSketch: Sendable {
  /// Neurons of a table, half of which are held out: if all of these agree, the p-value is 1 / 32! = 10⁻³⁵.
  static let neurons = 64
  /// Experts and layers that are read at most.
  static let units = 128
  /// Parameters of MLPs that are read at most; a model with more gives the layers at its two ends.
  static let mostParameters = 1 << 31

  /// The sizes with which sketches are made and compared.
  static var sizes: TableSizes {
    var sizes = TableSizes()
    (sizes.neurons, sizes.units) = (neurons, units)
    return sizes
  }

  /// Units that a catalogue keeps. With six of them a model of 32 layers takes 88 kB. Cosines in four bits would take half, but lose
  /// relatives that were trained far away.
  static let keptUnits = 6

  /// The tables with rounded cosines.
  let tables: ModelTables
  /// One vector for all neurons of the model, those of units that are not kept too; see `TableSketch+Vector.swift`.
  package let vector: [Int8]

  /// Whether the model has gates. Only sketches of one kind can be compared.
  package var isGated: Bool { tables.matrices == 3 }
  /// The number of units.
  package var units: Int { tables.units.count }
  /// The layers of the units, with repetitions for experts.
  package var layers: [Int] { tables.units.map(\.layer) }

  /// Reads the tables of a model; nil if it has no MLP that can be read, or only MLPs that are too large.
  ///
  /// Layers are taken alternately from both ends, which depth pruning and up-scaling leave in place, until the limits are reached.
  /// Cost: two reads of the MLPs, at most 2³¹ parameters. `isRead` is called after each unit, from any thread, with the number of all.
  package init?(of anatomy: Anatomy, workers: Workers, isRead: @escaping @Sendable (Int) -> Void = { _ in }) {
    let all = NeuronMatrices.all(of: anatomy)
    let isGated = !all.isEmpty && all.allSatisfy { $0.gate != nil }
    let layers = Set(all.map(\.layer)).sorted()
    // A layer counts with all its experts: the largest ones can only be chosen by reading every gate.
    let parameters = Dictionary(grouping: all, by: \.layer).mapValues { units in
      units.reduce(0) { $0 + $1.neurons * $1.width * (isGated ? 3 : 2) }
    }
    var kept: Set<Int> = []
    var left = Self.mostParameters
    for turn in 0..<min(layers.count, Self.units) {
      let layer = turn % 2 == 0 ? layers[turn / 2] : layers[layers.count - 1 - turn / 2]
      left -= parameters[layer] ?? 0
      if left < 0 { break }
      kept.insert(layer)
    }
    guard !kept.isEmpty else { return nil }
    let sizes = Self.sizes
    let chosen = all.filter { kept.contains($0.layer) }
    let units = NeuronMatrices.largest(sizes.experts(layers: layers.count), of: chosen, workers: workers)
    let read = ModelTables(units, isGated: isGated, sizes, workers: workers, probing: false, isRead: isRead)
    // What was just read must be what the record gives.
    guard read.units.contains(where: { !$0.tables.isEmpty }), let rounded = Self(record: Self(read).record) else {
      return nil
    }
    self = rounded
  }

  /// The sketch of these tables.
  init(_ tables: ModelTables) { self.init(tables, vector: Self.vector(of: tables)) }

  init(_ tables: ModelTables, vector: [Int8]) { (self.tables, self.vector) = (tables, vector) }

  /// This sketch with the units that a catalogue keeps: alternately from both ends, which depth pruning and up-scaling leave in place.
  package var kept: TableSketch {
    let units = tables.units
    guard units.count > Self.keptUnits else { return self }
    let last = Self.keptUnits / 2
    let chosen = Array(units[..<(Self.keptUnits - last)] + units[(units.count - last)...])
    return TableSketch(ModelTables(units: chosen, sizes: tables.sizes, matrices: tables.matrices), vector: vector)
  }

  /// The tables in common with a known model; both must be gated, or neither. `cost`: about 1 ms for a pair of units.
  package func match(with known: TableSketch, workers: Workers) -> TableMatch {
    TableMatch(candidate: tables, foundation: known.tables, workers: workers)
  }
}
