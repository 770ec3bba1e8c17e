import Lineage

/// What a pass says of its models and pairs, as the texts of a journal's line.
struct PassResult {
  let mixtures: [Mixture]
  let verdicts: [ScanResults.First]

  /// The places of a pair's models.
  struct Places: Hashable {
    let candidate: Int
    let foundation: Int
  }

  init(mixtures: [Mixture], verdicts: [ScanResults.First]) { (self.mixtures, self.verdicts) = (mixtures, verdicts) }

  /// Texts: a number of mixtures, each with its number of texts in front; then for each pair its models' places in the pass, whether it is
  /// decided, and the verdict likewise.
  func fields(models: [Int], places placesOf: (Int) -> Places) -> [String] {
    let inPass = Dictionary(uniqueKeysWithValues: zip(models, 0...))
    var fields = [String(mixtures.count)]
    for mixture in mixtures {
      let record = mixture.record
      fields += [String(record.count)] + record
    }
    for first in verdicts {
      let places = placesOf(first.number)
      let record = first.verdict?.record ?? []
      fields += [inPass[places.candidate] ?? 0, inPass[places.foundation] ?? 0, first.isFinal ? 1 : 0, record.count].map {
        String($0)
      }
      fields += record
    }
    return fields
  }

  /// The result that gave these texts, as far as it is of `wanted` pairs; nil when none did.
  init?(fields: [String], models: [Int], wanted: [Places: Int]) {
    var rest = fields[...]
    func integer() -> Int? { rest.popFirst().flatMap { Int($0) } }
    func record() -> [String]? {
      guard let count = integer(), (0...rest.count).contains(count) else { return nil }
      defer { rest = rest.dropFirst(count) }
      return Array(rest.prefix(count))
    }
    guard let count = integer(), (0...rest.count).contains(count) else { return nil }
    var mixtures: [Mixture] = []
    for _ in 0..<count {
      guard let mixture = record().flatMap({ Mixture(record: $0, models: models.count) }) else { return nil }
      mixtures.append(mixture)
    }
    var verdicts: [ScanResults.First] = []
    while !rest.isEmpty {
      guard let candidate = integer(), let foundation = integer(), let isFinal = integer(), let texts = record(),
        models.indices.contains(candidate), models.indices.contains(foundation)
      else { return nil }
      let verdict = texts.isEmpty ? nil : Verdict(record: texts)
      guard texts.isEmpty || verdict != nil else { return nil }
      if let number = wanted[Places(candidate: models[candidate], foundation: models[foundation])] {
        verdicts.append(.init(number: number, verdict: verdict, isFinal: isFinal == 1))
      }
    }
    self.init(mixtures: mixtures, verdicts: verdicts)
  }
}

extension ModelCollection.Pair {
  var places: PassResult.Places { .init(candidate: candidate, foundation: foundation) }
}
