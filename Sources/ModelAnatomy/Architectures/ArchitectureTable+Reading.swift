package import TensorViews

extension ArchitectureTable {
  /// Reads `parameters` as a model, by the table alone. Parameters that the table does not know are `unassigned`.
  ///
  /// O(total length of the names), and it reads some hundred rows of weights if the cut of a fused tensor depends on the size of
  /// a head.
  package func reading(of parameters: [Parameter], hints: ReadingHints) -> Reading {
    var reading = Reading(parameters: parameters)
    var groups = NameGroup.groups(of: parameters)
    let found = matches(of: &groups, parameters)
    var models = models(in: groups, matches: found, parameters: parameters) {
      hints.config().ggufType
    }
    if let main = models.first {
      let keys = main.matches.map { groups[$0.group].key }
      models[0] = withGains(main, groups, keys, parameters, hints)
    }
    var isAssigned = [Bool](repeating: false, count: parameters.count)
    for (i, model) in models.enumerated() {
      RoleAssigner(self, model, groups, reading.parameters, hints: hints, isMain: i == 0).assign(to: &reading)
      for match in model.matches { for member in groups[match.group].members { isAssigned[member] = true } }
    }
    reading.unassigned = parameters.indices.filter { !isAssigned[$0] }
    let explained = models.reduce(0) { $0 + $1.explained }
    let all = parameters.reduce(0) { $0 + $1.count }
    reading.explained = all == 0 ? 0 : Double(explained) / Double(all)
    return reading
  }
}
