import BasisRecovery
import LinearAlgebra
import WeightSimilarity

/// The tables of one MLP or expert: one for each selection of its neurons.
struct UnitTables: Sendable {
  var layer: Int
  var expert: Int?
  /// By the raw values of `TableSelection`; empty if the unit has no neurons, or its reading was cancelled.
  var tables: [CosineTable]

  /// A unit without tables.
  init(empty source: NeuronMatrices) { (layer, expert, tables) = (source.layer, source.expert, []) }

  /// Reads the tables of a unit. Cost: a read of all its matrices, a second one of down, one of some rows of the others, and
  /// products of `neurons`² · width.
  init(_ source: NeuronMatrices, _ sizes: TableSizes) {
    (layer, expert) = (source.layer, source.expert)
    let norms = NeuronNorms(source)
    let chosen = TableSelection.allCases.map { selection in
      norms.distinct(norms.largest(selection, sizes.split * sizes.neurons), sizes, in: source)
    }
    let columns = Array(Set(chosen.flatMap(\.self))).sorted()
    let down = source.downColumns(columns)
    let places = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
    tables = TableSelection.allCases.map { selection in
      let neurons = chosen[selection.rawValue]
      // Rows are read in ascending order and then ordered by norm.
      let ascending = neurons.sorted()
      let order = Dictionary(uniqueKeysWithValues: ascending.enumerated().map { ($1, $0) })
      let back = neurons.compactMap { order[$0] }
      let readers = [source.gate, source.up].compactMap(\.self).map { source.rows(of: $0, ascending).taking(back) }
      return CosineTable(readers + [down.taking(neurons.compactMap { places[$0] })], selection)
    }
    for matrix in [source.gate, source.up, source.down].compactMap(\.self) { matrix.release() }
  }
}

extension UnitTables {
  /// A unit from its parts.
  init(layer: Int, expert: Int?, tables: [CosineTable]) { (self.layer, self.expert, self.tables) = (layer, expert, tables) }
}
