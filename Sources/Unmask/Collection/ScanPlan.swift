import Lineage
import ModelAnatomy

/// Which pairs of a scan are looked at one by one, after the passes over many models, and in what order.
///
/// All of them where they are not too many. Otherwise models that a pass found to be kin are a family, and two families are looked at through
/// their first models; where those are kin, the other pairs of the two follow as far as the bound goes. Of models that may be copies of
/// each other so many pairs are looked at as connect them. A pair that is left is what the pass has said of it, with a warning. The plan
/// depends on the collection alone: not on threads, and not on what a journal has.
struct ScanPlan {
  /// A pair that no pass has decided.
  struct Open {
    var number: Int
    /// By which it waits for its turn; nil for a pair that was in no pass.
    var score: Double?
    /// Whether the models have equal inner products.
    var mayBeCopy = false
  }

  /// The pairs to look at first, in this order.
  let first: [Int]
  private let rest: [Open]
  private let pairs: [ModelCollection.Pair]
  /// The first model of each model's family.
  private let heads: [Int]
  private let mostMore: Int

  /// A plan for the `open` pairs of a collection, of which `kin` (by number) were found to be that by a pass.
  init(_ collection: ModelCollection, open: [Open], kin: [Int], most: Int?) {
    let pairs = collection.pairs
    // Those of different anatomies first: a pruned or extended model is found nowhere else.
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
    // What connects copies is a comparison of elements, and fewer than there are models.
    first = connecting + Array(between.prefix(most).map(\.number))
    let chosen = Set(first)
    rest = ranked.filter { !chosen.contains($0.number) }
    mostMore = max(0, most - first.count)
    heads = firsts
  }

  /// The pairs to look at next, once the first are done, and those that are left.
  ///
  /// `isKin`: whether the pair of a number was found to be kin; false where it was not looked at.
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
