import Adapters
import ChangeAnalysis
import ReadingFacts
import Records
import WeightSimilarity

// Encodes the facts of a verdict as values of a record, and decodes them: a letter for the case, then its associated values. A
// new case needs a letter that no other case has ever had.

extension TuningFact {
  func write(to out: inout RecordWriter) {
    switch self {
    case .unmergedAdapter(let change):
      out.add("a")
      change.write(to: &out)
    case .quantised(let format): out.add("q", format)
    case .abliteration(let removed):
      out.add("d")
      out.add(texts: removed.roles)
      out.add(integers: removed.layers)
      out.add(removed.matrices)
      out.add(removed.cosine)
      out.add(removed.log10P)
      out.add(removed.areRowsRescaled)
    case .mergedLoRA(let ranks, let layers):
      out.add("l")
      out.add(each: ranks) { out, rank in
        out.add(rank.rank)
        out.add(texts: rank.roles)
      }
      out.add(integers: layers)
    case .fullFinetuning(let matrices):
      out.add("f")
      matrices.write(to: &out)
    case .energyOfEight(let share):
      out.add("e")
      out.add(share)
    case .roundingOnly(let matrices):
      out.add("o")
      matrices.write(to: &out)
    case .boundedRank(let ranks, let matrices):
      out.add("b", ranks.lowerBound, ranks.upperBound)
      matrices.write(to: &out)
    case .changed(let roles):
      out.add("c")
      out.add(texts: roles)
    case .trained(let groups):
      out.add("t")
      out.add(each: groups) { $1.write(to: &$0) }
    case .measured(let count, let all): out.add("m", count, all)
    case .frozen(let groups, let layers):
      out.add("z")
      out.add(each: groups) { $1.write(to: &$0) }
      out.add(integers: layers)
    case .restFrozen: out.add("Z")
    case .movedMost(let layer, let distance):
      out.add("v", layer)
      out.add(distance)
    case .tokens(let before, let after): out.add("n", before, after)
    case .type(let before, let after, let rounded):
      out.add("y", before, after)
      out.add(rounded)
    case .added(let roles):
      out.add("+")
      out.add(texts: roles)
    case .removed(let roles):
      out.add("-")
      out.add(texts: roles)
    }
  }

  init?(from reader: inout RecordReader) {
    guard let fact = Self.read(&reader) else { return nil }
    self = fact
  }

  private static func read(_ reader: inout RecordReader) -> TuningFact? {
    switch reader.text() {
    case "a": AdapterSummary(from: &reader).map { .unmergedAdapter($0) }
    case "q": reader.text().map { .quantised($0) }
    case "d": RemovedDirection(from: &reader).map { .abliteration($0) }
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
      if let before = reader.text(), let after = reader.text(), let rounded = reader.optionalNumber(), rounded?.isFinite != false
      {
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

extension RemovedDirection {
  fileprivate init?(from reader: inout RecordReader) {
    guard let roles = reader.texts(), let layers = reader.integers(), let matrices = reader.integer(),
      let cosine = reader.finite(),
      let log10P = reader.number(), !log10P.isNaN, let areRowsRescaled = reader.flag()
    else { return nil }
    self.init(
      roles: roles, layers: layers, matrices: matrices, cosine: cosine, log10P: log10P, areRowsRescaled: areRowsRescaled)
  }
}

extension TuningFact.Matrices {
  fileprivate func write(to out: inout RecordWriter) {
    switch self {
    case .all: out.add("a")
    case .allInLayers(let outside):
      out.add("l")
      out.add(texts: outside)
    case .roles(let roles):
      out.add("r")
      out.add(texts: roles)
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
  fileprivate func write(to out: inout RecordWriter) {
    switch self {
    case .role(let role): out.add("r", role)
    case .norms: out.add("n")
    case .biases: out.add("b")
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
  func write(to out: inout RecordWriter) {
    switch self {
    case .reading(let side, let fact):
      out.add("r", side.rawValue)
      fact.write(to: &out)
    case .layerCountsDiffer(let candidate, let foundation): out.add("l", candidate, foundation)
    case .nonFiniteElements(let count, let tensors, let first):
      out.add("n", count, tensors)
      out.add(first)
    case .storedCoordinatesOnly(let layersInAnyOrder): out.add(layersInAnyOrder ? "S" : "s")
    case .mlpsNotUnderstood: out.add("m")
    case .tooManyLayerPairs(let most): out.add("d", most)
    case .tokenTableAlike(let role, let excess, let log10P):
      out.add("t", role)
      out.add(excess)
      out.add(log10P)
    case .sampled(let sample):
      out.add(sample.isEqual ? "P" : "p")
      out.add(sample.share)
    case .inPlaceOnly(let comparisons): out.add("i", comparisons)
    case .notCompared(let comparisons): out.add("x", comparisons)
    }
  }

  init?(from reader: inout RecordReader) {
    guard let caveat = Self.read(&reader) else { return nil }
    self = caveat
  }

  private static func read(_ reader: inout RecordReader) -> Caveat? {
    switch reader.text() {
    case "r":
      reader.text().flatMap { Side(rawValue: $0) }.flatMap { side in ReadingFact(from: &reader).map { .reading(side, $0) } }
    case "l": reader.pair().map { .layerCountsDiffer(candidate: $0.0, foundation: $0.1) }
    case "n": reader.pair().flatMap { counts in reader.text().map { .nonFiniteElements(counts.0, tensors: counts.1, first: $0) } }
    case "s": .storedCoordinatesOnly(layersInAnyOrder: false)
    case "S": .storedCoordinatesOnly(layersInAnyOrder: true)
    case "m": .mlpsNotUnderstood
    case "d": reader.integer().map { .tooManyLayerPairs(most: $0) }
    case "t":
      reader.text().flatMap { role in
        reader.finite().flatMap { excess in reader.finite().map { .tokenTableAlike(role: role, excess: excess, log10P: $0) } }
      }
    case "p": reader.finite().map { .sampled(InPlaceSample(share: $0, isEqual: false)) }
    case "P": reader.finite().map { .sampled(InPlaceSample(share: $0, isEqual: true)) }
    case "i": reader.integer().map { .inPlaceOnly(comparisons: $0) }
    case "x": reader.integer().map { .notCompared(comparisons: $0) }
    default: nil
    }
  }
}

extension AdapterSummary {
  fileprivate func write(to out: inout RecordWriter) {
    out.add(texts: [unsupportedKind].compactMap(\.self))
    out.add(method.rawValue)
    out.add(integers: ranks.map { [$0.lowerBound, $0.upperBound] } ?? [])
    out.add(texts: targets)
    out.add(alpha)
    out.add(scales?.lowerBound)
    out.add(scales?.upperBound)
    out.add(texts: wholeTensors)
    out.add(each: tokenRows) { out, rows in
      out.add(rows.rows)
      out.add(rows.module)
    }
  }

  fileprivate init?(from reader: inout RecordReader) {
    guard let kind = reader.texts(), kind.count < 2, let method = reader.text().flatMap({ Method(rawValue: $0) }),
      let ranks = reader.integers(), ranks.isEmpty || ranks.count == 2 && ranks[0] <= ranks[1], let targets = reader.texts(),
      let alpha = reader.optionalNumber(), let least = reader.optionalNumber(), let most = reader.optionalNumber(),
      let wholeTensors = reader.texts(), let tokenRows = reader.list({ TokenRows(from: &$0) })
    else { return nil }
    var scales: ClosedRange<Double>?
    if let least, let most {
      guard least <= most else { return nil }
      scales = least...most
    }
    self.init(
      unsupportedKind: kind.first, method: method, ranks: ranks.isEmpty ? nil : ranks[0]...ranks[1], targets: targets,
      alpha: alpha,
      scales: scales, wholeTensors: wholeTensors, tokenRows: tokenRows)
  }
}

extension AdapterSummary.TokenRows {
  fileprivate init?(from reader: inout RecordReader) {
    guard let rows = reader.integer(), let module = reader.text() else { return nil }
    self.init(rows: rows, module: module)
  }
}

extension RecordWriter {
  mutating func add(_ letter: String, _ texts: String...) {
    for text in [letter] + texts { add(text) }
  }

  mutating func add(_ letter: String, _ numbers: Int...) {
    add(letter)
    for number in numbers { add(number) }
  }

  mutating func add(texts: [String]) { add(each: texts) { $0.add($1) } }

  fileprivate mutating func add(integers: [Int]) { add(each: integers) { $0.add($1) } }
}

extension RecordReader {
  mutating func texts() -> [String]? { list { $0.text() } }

  fileprivate mutating func integers() -> [Int]? { list { $0.integer() } }

  fileprivate mutating func pair() -> (Int, Int)? { integer().flatMap { first in integer().map { (first, $0) } } }

  fileprivate mutating func finite() -> Double? { number().flatMap { $0.isFinite ? $0 : nil } }
}
