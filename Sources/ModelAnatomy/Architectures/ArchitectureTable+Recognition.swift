import TensorViews

extension ArchitectureTable {
  /// The stacks in `groups`, the one with most elements first: a language model, then a vision tower, its projector, …
  ///
  /// For each stack, the architecture that explains most elements by names and shapes with one prefix. If several explain the
  /// same number, the choice is in this order: the one that a GGUF file names as its architecture; the one whose required strings all occur and whose excluded strings do not; one
  /// that requires biases; one whose published files have this prefix; the one with the fewest missing patterns; the first in the
  /// table, which begins with the most common ones.
  /// `said`: the architecture that a GGUF file names; asked only when an architecture of such files is among those that are equal.
  func models(
    in groups: [NameGroup], matches: [NameMatch], parameters: [Parameter], said: () -> String? = { nil }
  ) -> [ArchitectureMatch] {
    // A model has about two hundred different names; a file with thousands may be an attack.
    let telling = TellingStrings(Set(matches.map(\.group)).sorted().prefix(4096).map { groups[$0].key })
    var left = matches
    var found: [ArchitectureMatch] = []
    // A file has a few models at most; the remaining parameters keep their names.
    while found.count < 8, !left.isEmpty {
      var all = weighed(left, groups, parameters).filter { $0.explained > 0 }
      // An architecture that explains less than half of the elements in its layers only shares a few names with the model.
      var best: ArchitectureMatch?
      for _ in 0..<16 {
        guard let next = strongest(all, groups, telling, said), best == nil else { break }
        if isOwn(next, groups) { best = next }
        all.removeAll { $0.prefix == next.prefix && $0.architecture == next.architecture }
      }
      // The first or last shard may hold only tables: their roles are known, but not their architecture.
      if best == nil, found.isEmpty, !groups.contains(where: { $0.width > 0 }) {
        let elements = groups.reduce(0) { $0 + $1.elements }
        best = strongest(weighed(left, groups, parameters).filter { $0.explained * 2 > elements }, groups, telling, said)
      }
      guard let best else { break }
      found.append(best)
      let gone = Set(best.matches.map(\.group))
      left.removeAll { gone.contains($0.group) }
    }
    return found
  }

  /// Whether a match is a separate model: it has layers and explains at least half of their elements, or it is a part without
  /// layers.
  private func isOwn(_ model: ArchitectureMatch, _ groups: [NameGroup]) -> Bool {
    let stacks = model.stacks(self)
    if stacks.isEmpty { return architectures[model.architecture].tower == "" }
    let matched = Set(model.matches.map(\.group))
    var (inside, explained) = (0, 0)
    for (i, group) in groups.enumerated() where stacks.contains(where: { group.key.hasPrefix($0 + ".#.") }) {
      inside += group.elements
      if matched.contains(i) { explained += group.elements }
    }
    return explained * 2 >= inside
  }

  /// Every architecture with every prefix that is worth trying.
  private func weighed(_ matches: [NameMatch], _ groups: [NameGroup], _ parameters: [Parameter]) -> [ArchitectureMatch] {
    struct Key: Hashable {
      var architecture: Int
      var prefix: String
    }
    // A hostile file may have a prefix for each tensor: the sixteen prefixes with most elements are tried.
    var weights: [String: Int] = [:]
    var seen: Set<NameMatch.Position> = []
    for match in matches where seen.insert(match.position).inserted {
      weights[match.prefix, default: 0] += groups[match.group].elements
    }
    let prefixes = Set(weights.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(16).map(\.key))
    var inside: [Key: [NameMatch]] = [:]
    var outside: [Int: [NameMatch]] = [:]
    for match in matches where prefixes.contains(match.prefix) {
      let pattern = patterns[match.pattern]
      for architecture in pattern.architectures {
        if pattern.isOuter {
          outside[architecture, default: []].append(match)
        } else {
          inside[Key(architecture: architecture, prefix: match.prefix), default: []].append(match)
        }
      }
    }
    // The last shard of a model may hold nothing but its head.
    for (architecture, matches) in outside where !inside.keys.contains(where: { $0.architecture == architecture }) {
      for match in matches { inside[Key(architecture: architecture, prefix: match.prefix)] = [] }
    }
    return inside.map { key, matches in
      var model = ArchitectureMatch(architecture: key.architecture, prefix: key.prefix)
      var taken: Set<Int> = []
      let outer = outside[key.architecture, default: []].filter { key.prefix.hasPrefix($0.prefix) }
      model.matches = (matches + outer).filter { taken.insert($0.group).inserted }
      model.weigh(self, groups, parameters)
      return model
    }
  }

  /// The model that comes first in the order of ``models(in:matches:parameters:)``.
  private func strongest(
    _ models: [ArchitectureMatch], _ groups: [NameGroup], _ telling: TellingStrings, _ said: () -> String?
  ) -> ArchitectureMatch? {
    guard let most = models.map(\.explained).max() else { return nil }
    let equal = models.filter { $0.explained == most }
    let isGGUF = equal.contains { !architectures[$0.architecture].ggufTypes.isEmpty }
    let name = isGGUF ? said() : nil
    let isKnown = name.map { name in architectures.contains { $0.ggufTypes.contains(name) } } ?? false
    let rank = { (model: ArchitectureMatch) -> [Int] in
      let architecture = architectures[model.architecture]
      // A bias of a tower tells nothing of the language model beside it.
      let biases = architecture.all.filter { $0.hasSuffix(".bias") }
      let isTold =
        telling.fit(architecture)
        && biases.allSatisfy { bias in model.matches.contains { groups[$0.group].key.hasSuffix(bias) } }
      let isListed = architecture.prefixes.contains { model.prefix.hasSuffix($0) }
      return [
        name.map { architecture.ggufTypes.contains(isKnown ? $0 : "*") } == true ? 1 : 0, isTold ? 1 : 0,
        isTold && architecture.asksForBias ? 1 : 0, isListed ? 1 : 0, -model.missing, -model.architecture,
        -model.prefix.utf8.count,
      ]
    }
    let equals = equal.map { (model: $0, rank: rank($0)) }
    return equals.max { $0.rank.lexicographicallyPrecedes($1.rank) }?.model
  }
}
