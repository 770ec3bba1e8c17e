import Lineage
import Threads

extension ScanWork {
  /// Reverses the pairs whose candidate is the ancestor according to `tree`, so that the candidate comes from the foundation.
  ///
  /// Without a tree, pairs are in the order of the names. Where the verdict has facts about one side only (coverage, rewrites),
  /// the reversed pair is compared again: then both models are read. Pairs that were left out by the limit on comparisons are not
  /// reversed.
  func turnPairs(by tree: FamilyTree) throws(UnmaskError) {
    let descent = Descent(tree, ids: collection.models.map(\.id))
    let numbers = collection.pairs.indices.filter { number in
      let pair = collection.pairs[number]
      return results.isKin(number) && !results.isLeft(number) && !results.isTurned(number)
        && descent.isKnown(of: pair.foundation, from: pair.candidate)
    }
    progress.plan(comparisons: numbers.count)
    _ = Workers(threads: jobs).map(numbers.count) { i in
      defer { self.progress.countComparison() }
      let number = numbers[i]
      guard !self.results.isLost(number), !self.results.restoreTurned(number), let verdict = self.turnedVerdict(number) else {
        return
      }
      self.results.turn(number, verdict)
    }
    try run.checkCancelled()
  }
}
