import WeightSimilarity

// The facts of a verdict as texts of a journal, and back: a letter for the case, then what the case carries. Whoever adds a case gives it a
// letter that no other has had.

extension TuningFact {
  var record: [String] {
    switch self {
    case .unmergedAdapter(let change): ["a", change]
    case .quantised(let format): ["q", format]
    case .mergedLoRA(let ranks, let layers):
      ["l"] + RecordReader.record(facts: ranks.map { [String($0.rank)] + RecordReader.record($0.roles) })
        + RecordReader.record(layers)
    case .fullFinetuning(let matrices): ["f"] + matrices.record
    case .energyOfEight(let share): ["e", RecordReader.record(share)]
    case .roundingOnly(let matrices): ["o"] + matrices.record
    case .boundedRank(let ranks, let matrices): ["b", String(ranks.lowerBound), String(ranks.upperBound)] + matrices.record
    case .changed(let roles): ["c"] + RecordReader.record(roles)
    case .trained(let groups): ["t"] + RecordReader.record(facts: groups.map(\.record))
    case .measured(let count, let all): ["m", String(count), String(all)]
    case .frozen(let groups, let layers): ["z"] + RecordReader.record(facts: groups.map(\.record)) + RecordReader.record(layers)
    case .restFrozen: ["Z"]
    case .movedMost(let layer, let distance): ["v", String(layer), RecordReader.record(distance)]
    case .tokens(let before, let after): ["n", String(before), String(after)]
    case .type(let before, let after, let rounded): ["y", before, after, RecordReader.record(rounded)]
    case .added(let roles): ["+"] + RecordReader.record(roles)
    case .removed(let roles): ["-"] + RecordReader.record(roles)
    }
  }

  init?(from reader: inout RecordReader) {
    guard let fact = Self.read(&reader) else { return nil }
    self = fact
  }

  private static func read(_ reader: inout RecordReader) -> TuningFact? {
    switch reader.text() {
    case "a": reader.text().map { .unmergedAdapter($0) }
    case "q": reader.text().map { .quantised($0) }
    case "l":
      reader.list { Rank(from: &$0) }.flatMap { ranks in reader.integers().map { .mergedLoRA(ranks, layers: $0) } }
    case "f": Matrices(from: &reader).map { .fullFinetuning($0) }
    case "e": reader.finite().map { .energyOfEight($0) }
    case "o": Matrices(from: &reader).map { .roundingOnly($0) }
    case "b":
      reader.pair().flatMap { ranks in
        ranks.0 <= ranks.1 ? Matrices(from: &reader).map { .boundedRank(ranks.0...ranks.1, $0) } : nil
      }
    case "c": reader.texts().map { .changed(roles: $0) }
    case "t": reader.list { Group(from: &$0) }.map { .trained($0) }
    case "m": reader.pair().map { .measured($0.0, of: $0.1) }
    case "z": reader.list { Group(from: &$0) }.flatMap { groups in reader.integers().map { .frozen(groups, layers: $0) } }
    case "Z": .restFrozen
    case "v": reader.integer().flatMap { layer in reader.finite().map { .movedMost(layer: layer, distance: $0) } }
    case "n": reader.pair().map { .tokens(before: $0.0, after: $0.1) }
    case "y":
      if let before = reader.text(), let after = reader.text(), let rounded = reader.optional(), rounded?.isFinite != false {
        .type(before: before, after: after, rounded: rounded)
      } else {
        nil
      }
    case "+": reader.texts().map { .added(roles: $0) }
    case "-": reader.texts().map { .removed(roles: $0) }
    default: nil
    }
  }
}

extension TuningFact.Matrices {
  fileprivate var record: [String] {
    switch self {
    case .all: ["a"]
    case .allInLayers(let outside): ["l"] + RecordReader.record(outside)
    case .roles(let roles): ["r"] + RecordReader.record(roles)
    }
  }

  fileprivate init?(from reader: inout RecordReader) {
    let found: Self? =
      switch reader.text() {
      case "a": .all
      case "l": reader.texts().map { .allInLayers(outside: $0) }
      case "r": reader.texts().map { .roles($0) }
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

extension TuningFact.Group {
  fileprivate var record: [String] {
    switch self {
    case .role(let role): ["r", role]
    case .norms: ["n"]
    case .biases: ["b"]
    }
  }

  fileprivate init?(from reader: inout RecordReader) {
    let found: Self? =
      switch reader.text() {
      case "r": reader.text().map { .role($0) }
      case "n": .norms
      case "b": .biases
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

extension TuningFact.Rank {
  fileprivate init?(from reader: inout RecordReader) {
    guard let rank = reader.integer(), let roles = reader.texts() else { return nil }
    self.init(rank: rank, roles: roles)
  }
}

extension Caveat {
  var record: [String] {
    switch self {
    case .reading(let side, let text): ["r", side.rawValue, text]
    case .layerCountsDiffer(let candidate, let foundation): ["l", String(candidate), String(foundation)]
    case .nonFiniteElements(let count, let tensors, let first): ["n", String(count), String(tensors), first]
    case .storedCoordinatesOnly(let layersInAnyOrder): [layersInAnyOrder ? "S" : "s"]
    case .mlpsNotUnderstood: ["m"]
    case .tooManyLayerPairs(let most): ["d", String(most)]
    case .inPlaceOnly(let comparisons): ["i", String(comparisons)]
    case .notCompared(let comparisons): ["x", String(comparisons)]
    }
  }

  init?(from reader: inout RecordReader) {
    guard let caveat = Self.read(&reader) else { return nil }
    self = caveat
  }

  private static func read(_ reader: inout RecordReader) -> Caveat? {
    switch reader.text() {
    case "r":
      reader.text().flatMap { Side(rawValue: $0) }.flatMap { side in reader.text().map { .reading(side, $0) } }
    case "l": reader.pair().map { .layerCountsDiffer(candidate: $0.0, foundation: $0.1) }
    case "n": reader.pair().flatMap { counts in reader.text().map { .nonFiniteElements(counts.0, tensors: counts.1, first: $0) } }
    case "s": .storedCoordinatesOnly(layersInAnyOrder: false)
    case "S": .storedCoordinatesOnly(layersInAnyOrder: true)
    case "m": .mlpsNotUnderstood
    case "d": reader.integer().map { .tooManyLayerPairs(most: $0) }
    case "i": reader.integer().map { .inPlaceOnly(comparisons: $0) }
    case "x": reader.integer().map { .notCompared(comparisons: $0) }
    default: nil
    }
  }
}

extension RecordReader {
  fileprivate mutating func texts() -> [String]? { list { $0.text() } }

  fileprivate mutating func integers() -> [Int]? { list { $0.integer() } }

  fileprivate mutating func pair() -> (Int, Int)? { integer().flatMap { first in integer().map { (first, $0) } } }

  fileprivate mutating func finite() -> Double? { number().flatMap { $0.isFinite ? $0 : nil } }
}
