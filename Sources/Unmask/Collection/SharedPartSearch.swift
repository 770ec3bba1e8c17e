import Lineage
import ModelAnatomy
import Threads
import WeightSimilarity

/// Finds the parts that models of a collection share beside their main parts, such as one frozen vision tower under several
/// language models.
///
/// A scan compares main parts. A shared tower makes no family, so it is found and reported apart: in place, among parts of one kind
/// and shape. Cost: one read of every part that has a possible partner, and one of each part that represents a set in a further
/// pass (there is one for each 256 parts of a shape).
struct SharedPartSearch {
  /// A part of a model.
  private struct Unit {
    /// Index of the model.
    var model: Int
    var isMain: Bool
    var anatomy: Anatomy
  }

  private let collection: ModelCollection
  private let run: RunSettings

  init(_ collection: ModelCollection, _ run: RunSettings) { (self.collection, self.run) = (collection, run) }

  /// The sets of models that share a part, by kind and then by the first model's id. Throws when the run was cancelled.
  func found() throws(UnmaskError) -> [ScanFindings.SharedPart] {
    var units: [PartKind: [Unit]] = [:]
    for (i, model) in collection.models.enumerated() {
      for (number, part) in model.parts.enumerated() {
        units[part.kind, default: []].append(Unit(model: i, isMain: number == 0, anatomy: part.anatomy))
      }
    }
    var found: [ScanFindings.SharedPart] = []
    for (kind, units) in units.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where units.contains(where: { !$0.isMain }) {
      for group in CollectionPass.groups(of: units.map(\.anatomy)) {
        let group = group.map { units[$0] }
        guard group.contains(where: { !$0.isMain }) else { continue }
        for models in try sets(in: group) {
          found.append(.init(component: kind.rawValue, models: models.sorted().map { collection.models[$0].id }))
        }
      }
    }
    return found.sorted { a, b in
      if a.component != b.component { return a.component < b.component }
      return a.models[0].utf8.lexicographicallyPrecedes(b.models[0].utf8)
    }
  }

  /// The sets of models whose parts have a common origin, by their indices.
  private func sets(in group: [Unit]) throws(UnmaskError) -> [[Int]] {
    var sets = DisjointSets(count: group.count)
    // Of each set that was found, one part goes into the next pass.
    var open: [Int] = []
    var next = 0
    repeat {
      try run.checkCancelled()
      let taken = Array(next..<min(group.count, next + max(1, CollectionPass.mostModels - open.count)))
      next += taken.count
      let units = open + taken
      let similarities = CollectionPass(units.map { group[$0].anatomy }, workers: run.workers).run()
      for b in units.indices {
        for a in 0..<b where !(group[units[a]].isMain && group[units[b]].isMain) {
          guard sets.first(of: units[a]) != sets.first(of: units[b]) else { continue }
          // Products of elements do not tell near copies apart; only a comparison of elements does.
          let similarity =
            similarities.similarity(candidate: b, foundation: a)
            ?? InPlacePass(
              Pairing(candidate: group[units[b]].anatomy, foundation: group[units[a]].anatomy), workers: run.workers
            ).run()
          try run.checkCancelled()
          if Verdict(of: similarity).relation.isKinship { sets.join(units[a], units[b]) }
        }
      }
      var seen: Set<Int> = []
      open = Array(units.filter { seen.insert(sets.first(of: $0)).inserted }.prefix(CollectionPass.mostModels / 2))
    } while next < group.count
    let found = sets.members.filter { members in members.count > 1 && members.contains { !group[$0].isMain } }
    return found.map { members in Set(members.map { group[$0].model }).sorted() }.filter { $0.count > 1 }
  }
}
