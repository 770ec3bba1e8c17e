import Lineage
import Threads

extension ScanWork {
  /// Turns the pairs whose candidate is the ancestor, as `tree` has it, so that the candidate comes from the foundation.
  ///
  /// A pair's order is that of the names until there is a tree. Where the verdict has something of one side alone (coverage, rewrites), the turned
  /// pair is compared again: then both models are read. Pairs that were left out by the bound on the work stay as they are.
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
