import Lineage
import Records

/// The result of a pass for its models and pairs, as a record of a journal.
struct PassResult {
  let mixtures: [Mixture]
  let verdicts: [PassVerdict]

  /// The models of a pair, by their indices.
  struct Pair: Hashable {
    let candidate: Int
    let foundation: Int
  }

  init(mixtures: [Mixture], verdicts: [PassVerdict]) { (self.mixtures, self.verdicts) = (mixtures, verdicts) }

  /// The mixtures; then for each pair the indices of its models in the pass, whether it is decided, and the verdict, if any.
  func record(models: [Int], pairOf: (Int) -> Pair) -> [UInt8] {
    let inPass = Dictionary(uniqueKeysWithValues: zip(models, 0...))
    var out = RecordWriter()
    out.add(each: mixtures) { $1.write(to: &$0) }
    out.add(each: verdicts) { out, first in
      let pair = pairOf(first.number)
      out.add(inPass[pair.candidate] ?? 0)
      out.add(inPass[pair.foundation] ?? 0)
      out.add(first.isFinal)
      out.add(first.verdict != nil)
      first.verdict?.write(to: &out)
    }
    return out.bytes
  }

  /// Decodes a record, restricted to the `wanted` pairs; nil when the record is not valid.
  init?(record: [UInt8], models: [Int], wanted: [Pair: Int]) {
    var reader = RecordReader(record)
    guard let mixtures = reader.list({ Mixture(from: &$0, models: models.count) }),
      let verdicts = reader.list({ Self.first(&$0, models: models) }), reader.isAtEnd
    else { return nil }
    self.init(
      mixtures: mixtures,
      verdicts: verdicts.compactMap { pair, verdict, isFinal in
        wanted[pair].map { .init(number: $0, verdict: verdict, isFinal: isFinal) }
      })
  }

  private static func first(
    _ reader: inout RecordReader, models: [Int]
  ) -> (pair: Pair, verdict: Verdict?, isFinal: Bool)? {
    guard let candidate = reader.integer(), let foundation = reader.integer(), let isFinal = reader.flag(),
      let isThere = reader.flag(), models.indices.contains(candidate), models.indices.contains(foundation)
    else { return nil }
    let verdict = isThere ? Verdict(from: &reader) : nil
    guard (verdict != nil) == isThere else { return nil }
    return (Pair(candidate: models[candidate], foundation: models[foundation]), verdict, isFinal)
  }
}

extension ModelCollection.Pair {
  /// The models of the pair, as a key.
  var models: PassResult.Pair { .init(candidate: candidate, foundation: foundation) }
}
