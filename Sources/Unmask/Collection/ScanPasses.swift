import ModelAnatomy
import WeightSimilarity

/// The pairs of a collection, divided into pairs that a pass over many models computes together and pairs that are read one by
/// one.
struct ScanPasses {
  /// Indices of the models that share a pass, foundations first; and the numbers of the pairs that it computes.
  struct Pass {
    var models: [Int]
    var pairs: [Int]
  }

  let all: [Pass]
  /// Numbers of the pairs that are in no pass.
  let alone: [Int]
  /// The number of each pair's pass; −1 for a pair that is in none.
  private let passOf: [Int32]

  /// Passes over at most `mostModels` models of one anatomy. A quick scan compares pairs of models that are elsewhere one by one, because
  /// a pass reads everything and a quick comparison a sample.
  init(_ collection: ModelCollection, mostModels: Int, depth: Depth = .standard) {
    let isSampled = collection.models.map { depth == .quick && !$0.whole.isLocal }
    var groupOf: [Int: Int] = [:]
    for (number, group) in CollectionPass.groups(of: collection.models.map(\.anatomy)).enumerated() {
      for place in group { groupOf[place] = number }
    }
    var pairsOf: [Int: [Int]] = [:]
    var alone: [Int] = []
    for (number, pair) in collection.pairs.enumerated() {
      if let group = groupOf[pair.candidate], groupOf[pair.foundation] == group, !isSampled[pair.candidate],
        !isSampled[pair.foundation]
      {
        pairsOf[group, default: []].append(number)
      } else {
        alone.append(number)
      }
    }
    let all = pairsOf.sorted { $0.key < $1.key }.flatMap { Self.blocks(of: $0.value, in: collection, most: mostModels) }
    var passOf = [Int32](repeating: -1, count: collection.pairs.count)
    for (number, pass) in all.enumerated() {
      for pair in pass.pairs { passOf[pair] = Int32(number) }
    }
    (self.all, self.alone, self.passOf) = (all, alone, passOf)
  }

  /// The number of the pass that computes a pair; nil when none does.
  func pass(of pair: Int) -> Int? { passOf[pair] < 0 ? nil : Int(passOf[pair]) }

  /// One pass over the models of `pairs`. Too many models are divided into blocks of half a pass, with one pass for every two
  /// blocks: then each model is read once for each other block.
  private static func blocks(of pairs: [Int], in collection: ModelCollection, most: Int) -> [Pass] {
    let isFoundation = Set(collection.foundations)
    let all = Set(pairs.flatMap { [collection.pairs[$0].candidate, collection.pairs[$0].foundation] })
    // A candidate must come after its foundation; where all are compared with all, models are sorted by index.
    let isNamed = !collection.isAllWithAll
    let order = { (a: Int, b: Int) in
      let (p, q) = (isNamed && !isFoundation.contains(a), isNamed && !isFoundation.contains(b))
      return p == q ? a < b : !p
    }
    let models = all.sorted(by: order)
    guard models.count > most else { return [Pass(models: models, pairs: pairs)] }
    let half = max(1, most / 2)
    let blockOf = Dictionary(uniqueKeysWithValues: models.enumerated().map { ($1, $0 / half) })
    var parts: [[Int]: [Int]] = [:]
    // Pairs within a block are computed in the pass over the block and its neighbour.
    let last = (models.count - 1) / half
    for number in pairs {
      let blocks = [collection.pairs[number].candidate, collection.pairs[number].foundation].map { blockOf[$0] ?? 0 }.sorted()
      let key = blocks[0] < blocks[1] ? blocks : blocks[0] < last ? [blocks[0], blocks[0] + 1] : [last - 1, last]
      parts[key, default: []].append(number)
    }
    return parts.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }.map { key, pairs in
      let used = Set(pairs.flatMap { [collection.pairs[$0].candidate, collection.pairs[$0].foundation] })
      return Pass(models: used.sorted(by: order), pairs: pairs)
    }
  }
}
