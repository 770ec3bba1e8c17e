import ReadingFacts
import Records

// Encodes the facts about the files of a model and about an adapter, and decodes them, like the other facts of a record.

extension FileFact {
  fileprivate func write(to out: inout RecordWriter) {
    switch self {
    case .repeatedTensor(let name): out.add("r", name)
    case .tensorDescribedByArray(let name): out.add("a", name)
    case .typeWrittenAsObject: out.add("o")
    case .unusedBytes(let count): out.add("u", count)
    case .otherTensors(let count, let first): out.add("t", count, first)
    }
  }

  fileprivate init?(from reader: inout RecordReader) {
    let found: Self? =
      switch reader.text() {
      case "r": reader.text().map { .repeatedTensor($0) }
      case "a": reader.text().map { .tensorDescribedByArray($0) }
      case "o": .typeWrittenAsObject
      case "u": reader.integer().map { .unusedBytes($0) }
      case "t": reader.countedText().map { .otherTensors($0.0, first: $0.1) }
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

extension CheckpointFact {
  func write(to out: inout RecordWriter) {
    switch self {
    case .file(let name, let fact):
      out.add("f", name)
      fact.write(to: &out)
    case .byteOrderMark(let file): out.add("b", file)
    case .repeatedInIndex(let count, let first): out.add("r", count, first)
    case .unusualShardPath(let first): out.add("p", first)
    case .singleShard(let file, let index): out.add("s", file, index)
    case .fileAndIndex: out.add("i")
    case .pickleBeside(let file): out.add("k", file)
    case .unlistedTensors(let count, let first, let shard):
      out.add("t", count, first)
      out.add(shard)
    case .repeatedInShards(let count, let first): out.add("m", count, first)
    case .unlistedShards(let count, let first): out.add("u", count, first)
    }
  }

  init?(from reader: inout RecordReader) {
    let found: Self? =
      switch reader.text() {
      case "f": reader.text().flatMap { name in FileFact(from: &reader).map { .file(name, $0) } }
      case "b": reader.text().map { .byteOrderMark(file: $0) }
      case "r": reader.countedText().map { .repeatedInIndex(tensors: $0.0, first: $0.1) }
      case "p": reader.text().map { .unusualShardPath(first: $0) }
      case "s": reader.text().flatMap { file in reader.text().map { .singleShard(file: file, index: $0) } }
      case "i": .fileAndIndex
      case "k": reader.text().map { .pickleBeside(file: $0) }
      case "t":
        reader.countedText().flatMap { found in reader.text().map { .unlistedTensors(found.0, first: found.1, shard: $0) } }
      case "m": reader.countedText().map { .repeatedInShards(tensors: $0.0, first: $0.1) }
      case "u": reader.countedText().map { .unlistedShards($0.0, first: $0.1) }
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

extension AdapterFact {
  func write(to out: inout RecordWriter) {
    switch self {
    case .changesBase(let initialisation): out.add("b", initialisation)
    case .noConfiguration: out.add("c")
    case .noAlpha: out.add("a")
    case .alphaNotFinite: out.add("n")
    case .valueNotFinite(let list, let pattern): out.add("v", list.rawValue, pattern)
    case .patternNotSupported(let list, let pattern): out.add("p", list.rawValue, pattern)
    case .squareExperts(let name): out.add("s", name)
    case .unmatchedChanges(let count, let first): out.add("m", count, first)
    case .unknownTensors(let count, let first): out.add("u", count, first)
    case .refused(.unsupportedKind(let kind)): out.add("k", kind)
    case .refused(.repeatedLayers): out.add("l")
    case .refused(.noChange): out.add("0")
    }
  }

  init?(from reader: inout RecordReader) {
    let found: Self? =
      switch reader.text() {
      case "b": reader.text().map { .changesBase(initialisation: $0) }
      case "c": .noConfiguration
      case "a": .noAlpha
      case "n": .alphaNotFinite
      case "v": reader.pattern().map { .valueNotFinite($0.0, pattern: $0.1) }
      case "p": reader.pattern().map { .patternNotSupported($0.0, pattern: $0.1) }
      case "s": reader.text().map { .squareExperts($0) }
      case "m": reader.countedText().map { .unmatchedChanges($0.0, first: $0.1) }
      case "u": reader.countedText().map { .unknownTensors($0.0, first: $0.1) }
      case "k": reader.text().map { .refused(.unsupportedKind($0)) }
      case "l": .refused(.repeatedLayers)
      case "0": .refused(.noChange)
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

extension RecordWriter {
  fileprivate mutating func add(_ letter: String, _ count: Int, _ text: String) {
    add(letter, count)
    add(text)
  }
}

extension RecordReader {
  fileprivate mutating func countedText() -> (Int, String)? { integer().flatMap { count in text().map { (count, $0) } } }

  fileprivate mutating func pattern() -> (AdapterFact.PatternList, String)? {
    text().flatMap { AdapterFact.PatternList(rawValue: $0) }.flatMap { list in text().map { (list, $0) } }
  }
}
