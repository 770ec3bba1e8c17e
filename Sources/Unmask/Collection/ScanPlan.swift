import Lineage
import ModelAnatomy

/// Which pairs of a scan are compared in full, after the passes over many models, and in what order.
///
/// All open pairs are compared, when they are not too many. Otherwise models that a pass found to be related form a family, and
/// two families are compared through their first models; where these are related, the other pairs of the two families follow, as
/// far as the limit allows. Among models that may be copies of each other, only enough pairs are compared to connect them. A pair
/// that is left out keeps the result of its pass, with a warning. The plan depends on the collection alone: not on the threads,
/// and not on the contents of a journal.
struct ScanPlan {
  /// A pair that no pass has decided.
  struct Open {
    var number: Int
    /// The pairs with the highest score come first; nil for a pair that was in no pass.
    var score: Double?
    /// Whether the models have equal inner products.
    var mayBeCopy = false
  }

  /// The pairs to compare first, in this order.
  let first: [Int]
  private let rest: [Open]
  private let pairs: [ModelCollection.Pair]
  /// The first model of each model's family.
  private let heads: [Int]
  private let mostMore: Int

  /// A plan for the `open` pairs of a collection; `kin`: numbers of the pairs that a pass found to be related; `most`: maximum
  /// number of full comparisons.
  init(_ collection: ModelCollection, open: [Open], kin: [Int], most: Int?) {
    let pairs = collection.pairs
    // Pairs of different anatomies come first: only a full comparison finds a pruned or extended model.
    let ranked = open.sorted { ($1.score ?? 2, $0.number) < ($0.score ?? 2, $1.number) }
    self.pairs = pairs
    guard collection.isAllWithAll, let most, ranked.count > most else {
      (first, rest, mostMore, heads) = (ranked.map(\.number), [], 0, [])
      return
    }
    var families = DisjointSets(count: collection.models.count)
    for number in kin { families.join(pairs[number].candidate, pairs[number].foundation) }
    var copies = DisjointSets(count: collection.models.count)
    var connecting: [Int] = []
    for open in ranked where open.mayBeCopy {
      let pair = pairs[open.number]
      families.join(pair.candidate, pair.foundation)
      guard copies.first(of: pair.candidate) != copies.first(of: pair.foundation) else { continue }
      copies.join(pair.candidate, pair.foundation)
      connecting.append(open.number)
    }
    let firsts = collection.models.indices.map { families.first(of: $0) }
    let between = ranked.lazy.filter { open in
      let pair = pairs[open.number]
      return !open.mayBeCopy && firsts[pair.candidate] == pair.candidate && firsts[pair.foundation] == pair.foundation
    }
    // Comparing copies is cheap, and fewer pairs connect them than there are models: they do not count against the limit.
    first = connecting + Array(between.prefix(most).map(\.number))
    let chosen = Set(first)
    rest = ranked.filter { !chosen.contains($0.number) }
    mostMore = max(0, most - first.count)
    heads = firsts
  }

  /// The pairs to compare next, once the first are finished, and the pairs that are left out.
  ///
  /// `isKin`: whether the pair of a number was found to be related; false where it was not compared.
  func more(isKin: (Int) -> Bool) -> (next: [Int], left: [Int]) {
    let related = rest.filter { open in
      let (a, b) = (heads[pairs[open.number].candidate], heads[pairs[open.number].foundation])
      return !open.mayBeCopy && (a == b || isKin(ModelCollection.number(candidate: max(a, b), foundation: min(a, b))))
    }
    let next = Array(related.prefix(mostMore).map(\.number))
    let chosen = Set(next)
    return (next, rest.map(\.number).filter { !chosen.contains($0) }.sorted())
  }
}
