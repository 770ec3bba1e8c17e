package import Threads

extension TableMatch {
  /// A unit's agreements with units of the foundation.
  private struct Compared: Sendable {
    var found: [(agreement: HeldOutAgreement, origin: Int)] = []
    var other: [HeldOutAgreement] = []
  }

  /// Compares two models' tables, which must have as many matrices.
  ///
  /// Cost: for each pair of units a comparison of features (0.1 ms), and for each unit of the candidate six of about 4 ms. The result
  /// is meaningless after a cancellation.
  package init(candidate: ModelTables, foundation: ModelTables, workers: Workers) {
    precondition(candidate.matrices == foundation.matrices, "tables of as many matrices")
    let sizes = candidate.sizes
    let found = workers.map(candidate.units.count) { unit in
      workers.isCancelled ? Compared() : Self.compared(candidate.units[unit], foundation.units, sizes)
    }
    self.init(
      other: OtherAgreement.all(found.flatMap(\.other)), units: [], foundationUnits: foundation.units.count,
      probe: candidate.probe?.agreements(sizes) ?? [],
      triesPerUnit: TableSelection.allCases.count * 2 * TablePair.all(matrices: candidate.matrices).count)
    units = zip(candidate.units, found).map { unit, compared in
      let ranked = compared.found.map { (log10P: log10P(of: $0.agreement), $0.agreement, $0.origin) }
      // Ties, which p-values of 1 are, go to the larger share, then to the first.
      let best = ranked.indices.min {
        (ranked[$0].log10P, -ranked[$0].1.share, $0) < (ranked[$1].log10P, -ranked[$1].1.share, $1)
      }.map { ranked[$0] }
      return Unit(
        layer: unit.layer, expert: unit.expert, originLayer: best.map { foundation.units[$0.2].layer },
        originExpert: best.flatMap { foundation.units[$0.2].expert }, best: best?.1, log10P: best?.log10P ?? 0)
    }
  }

  private static func compared(_ unit: UnitTables, _ foundation: [UnitTables], _ sizes: TableSizes) -> Compared {
    var result = Compared()
    guard !unit.tables.isEmpty else { return result }
    for selection in TableSelection.allCases {
      let searches = foundation.map { other in
        other.tables.isEmpty
          ? nil : PartnerSearch(unit.tables[selection.rawValue], other.tables[selection.rawValue], selection, sizes)
      }
      let alike = searches.map { $0?.screen() ?? -1 }
      let order = alike.indices.sorted { (alike[$0], $1) > (alike[$1], $0) }
      for origin in order.prefix(sizes.compared) {
        guard let search = searches[origin] else { continue }
        result.found += HeldOutAgreement.all(search).map { ($0, origin) }
      }
      let middle = order.count / 2
      if middle >= sizes.compared, let search = searches[order[middle]] { result.other += HeldOutAgreement.all(search) }
    }
    return result
  }
}
