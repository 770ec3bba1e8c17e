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
    var models = models(in: groups, matches: found, parameters: parameters) { hints.config().ggufType }
    // A vision tower may be larger than the language model that it serves.
    if let language = models.firstIndex(where: isLanguageModel), language > 0 {
      models.insert(models.remove(at: language), at: 0)
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
    if let main = models.first, reading.architecture != nil {
      reading.architecture = architectures[main.architecture].name(stated: hints.config().ggufType)
    }
    reading.found = models.map { model in
      FoundArchitecture(
        tower: architectures[model.architecture].tower, prefix: model.prefix, stacks: model.stacks(self),
        hasTokenTable: hasTokenTable(model), parameters: model.matches.flatMap { groups[$0.group].members })
    }
    reading.unassigned = parameters.indices.filter { !isAssigned[$0] }
    let explained = models.reduce(0) { $0 + $1.explained }
    let all = parameters.reduce(0) { $0 + $1.count }
    reading.explained = all == 0 ? 0 : Double(explained) / Double(all)
    return reading
  }

  private func hasTokenTable(_ model: ArchitectureMatch) -> Bool {
    model.matches.contains { patterns[$0.pattern].role.lastWord == "embed_tokens" }
  }

  /// Whether a model has layers and a table of tokens, and is not known as a part of another model.
  private func isLanguageModel(_ model: ArchitectureMatch) -> Bool {
    architectures[model.architecture].tower == nil && hasTokenTable(model) && !model.stacks(self).isEmpty
  }
}
