extension TableSketch {
  /// Units of a model by which it is looked for.
  private static let mostProbes = 6

  /// How alike the most alike units of two models look, in standard deviations of unrelated ones (`PartnerSearch.screen`): a few of this
  /// model's units, evenly spaced, with all of the known one's. It only ranks. About 0.1 ms for a pair of units and a selection.
  package func likeness(to known: TableSketch) -> Double {
    guard isGated == known.isGated else { return -1 }
    let own = tables.units.filter { !$0.tables.isEmpty }
    let count = min(Self.mostProbes, own.count)
    var best = -1.0
    for probe in 0..<count {
      let unit = own[count == 1 ? 0 : probe * (own.count - 1) / (count - 1)]
      for other in known.tables.units where !other.tables.isEmpty {
        for selection in TableSelection.allCases {
          let search = PartnerSearch(
            unit.tables[selection.rawValue], other.tables[selection.rawValue], selection, TableSketch.sizes)
          best = max(best, search.screen())
        }
      }
    }
    return best
  }
}
