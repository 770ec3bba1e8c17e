package import BasisRecovery
import LinearAlgebra
package import Threads

/// The tables of a model's neurons: what a search by tables reads of it, some 200 kB a layer.
package struct ModelTables: Sendable {
  var units: [UnitTables]
  let sizes: TableSizes
  /// Gate, up and down, or up and down.
  let matrices: Int
  /// A synthetic relative of the middle unit; nil if it has too few neurons.
  let probe: PowerProbe?

  /// Reads the tables of these MLPs; without the gates if `isGated` is false. Cost: two reads of the MLPs, and about 0.4 GFLOP for
  /// a layer of width 576. After a cancellation units are empty.
  package init(_ sources: [NeuronMatrices], isGated: Bool, workers: Workers) {
    self.init(sources, isGated: isGated, TableSizes(), workers: workers)
  }

  /// The number of bytes in memory.
  var bytes: Int {
    units.flatMap(\.tables).reduce(0) { total, table in
      let numbers = table.tables.reduce(table.features.values.count) { $0 + $1.values.count }
      return total + MemoryLayout<Float>.stride * numbers
    }
  }

  /// `isRead`: is called after each MLP, from any thread, with the number of all.
  init(
    _ sources: [NeuronMatrices], isGated: Bool, _ sizes: TableSizes, workers: Workers, probing: Bool = true,
    isRead: @escaping @Sendable (Int) -> Void = { _ in }
  ) {
    self.sizes = sizes
    matrices = isGated ? 3 : 2
    units = workers.map(sources.count) {
      defer { isRead(sources.count) }
      let source = isGated ? sources[$0] : sources[$0].plain
      return workers.isCancelled ? UnitTables(empty: source) : UnitTables(source, sizes)
    }
    let middle = !probing || sources.isEmpty || workers.isCancelled ? nil : sources[sources.count / 2]
    probe = middle.flatMap { PowerProbe(isGated ? $0 : $0.plain, sizes) }
  }
}

extension ModelTables {
  /// Tables from their parts, without a probe.
  init(units: [UnitTables], sizes: TableSizes, matrices: Int) {
    (self.units, self.sizes, self.matrices, probe) = (units, sizes, matrices, nil)
  }
}
