package import TensorViews

extension ArchitectureTable {
  /// Reads `parameters` as a model, by the table alone; what it does not know is `unassigned`.
  ///
  /// O(total length of the names), and some hundred rows of weights where the cut of a fused tensor depends on the size of a head.
  package func reading(of parameters: [Parameter], hints: ReadingHints) -> Reading {
    var reading = Reading(parameters: parameters)
    var groups = NameGroup.groups(of: parameters)
    let found = matches(of: &groups, parameters)
    var candidates = candidates(for: groups, matches: found, parameters: parameters)
    if let main = candidates.first {
      let keys = main.matches.map { groups[$0.group].key }
      candidates[0] = withGains(main, groups, keys, parameters, hints)
    }
    var isPlaced = [Bool](repeating: false, count: parameters.count)
    var explained = 0
    for (place, candidate) in candidates.enumerated() {
      var placing = RoleAssigner(self, candidate, groups, hints: hints, isMain: place == 0, into: reading)
      placing.place()
      reading = placing.reading
      explained += candidate.explained
      for match in candidate.matches { for member in groups[match.group].members { isPlaced[member] = true } }
    }
    reading.unassigned = parameters.indices.filter { !isPlaced[$0] }
    let all = parameters.reduce(0) { $0 + $1.count }
    reading.explained = all == 0 ? 0 : Double(explained) / Double(all)
    return reading
  }
}
