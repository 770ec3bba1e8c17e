import ReadingFacts
import Records

// Encodes the facts about the reading of a model, and decodes them: a letter for the case, then its associated values. A new case
// needs a letter that no other case of its type has ever had.

extension ReadingFact {
  func write(to out: inout RecordWriter) {
    switch self {
    case .checkpoint(let fact):
      out.add("c")
      fact.write(to: &out)
    case .adapter(let fact):
      out.add("a")
      fact.write(to: &out)
    case .undecodedTensors(let count, let formats):
      out.add("u", count)
      out.add(texts: formats)
    case .integerTensors(let count): out.add("i", count)
    case .inferredRoles(let facts, let undecided):
      out.add("r")
      out.add(each: facts) { $1.write(to: &$0) }
      out.add(each: undecided) { $0.add(texts: $1) }
    }
  }

  init?(from reader: inout RecordReader) {
    let found: Self? =
      switch reader.text() {
      case "c": CheckpointFact(from: &reader).map { .checkpoint($0) }
      case "a": AdapterFact(from: &reader).map { .adapter($0) }
      case "u": reader.integer().flatMap { count in reader.texts().map { .undecodedTensors(count, formats: $0) } }
      case "i": reader.integer().map { .integerTensors($0) }
      case "r":
        reader.list { InferenceFact(from: &$0) }.flatMap { facts in
          reader.list { $0.texts() }.map { .inferredRoles(facts, undecided: $0) }
        }
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}

extension InferenceFact {
  fileprivate func write(to out: inout RecordWriter) {
    switch self {
    case .rolesFromShapes(let layers): out.add("r", layers.rawValue)
    case .inputsFirst: out.add("i")
    case .fused(let fusion): out.add("f", fusion.rawValue)
    case .attentionFromWeights: out.add("a")
    case .gateFromWeights: out.add("g")
    case .normsFromReaders: out.add("n")
    case .headFromRows: out.add("h")
    case .embeddingFromHeadRows: out.add("e")
    case .exchanged(let one, let other): out.add("x", one, other)
    case .takenFrom(let model): out.add("t", model)
    case .layersReordered: out.add("o")
    }
  }

  fileprivate init?(from reader: inout RecordReader) {
    let found: Self? =
      switch reader.text() {
      case "r": reader.text().flatMap { LayerSource(rawValue: $0) }.map { .rolesFromShapes(layers: $0) }
      case "i": .inputsFirst
      case "f": reader.text().flatMap { Fusion(rawValue: $0) }.map { .fused($0) }
      case "a": .attentionFromWeights
      case "g": .gateFromWeights
      case "n": .normsFromReaders
      case "h": .headFromRows
      case "e": .embeddingFromHeadRows
      case "x": reader.text().flatMap { one in reader.text().map { .exchanged(one, $0) } }
      case "t": reader.text().map { .takenFrom(model: $0) }
      case "o": .layersReordered
      default: nil
      }
    guard let found else { return nil }
    self = found
  }
}
