import Lineage
import ModelAnatomy
import WeightSimilarity

/// The comparisons of a scan: models of one anatomy together in one pass, the other pairs each by itself.
///
/// Of a pass, the pairs whose verdict its inner products decide are finished with it; the others are looked at harder, those first that
/// look most like kin. What is said of a pair is what `compare` says of it.
struct ScanWork {
  /// Models that share a pass, by their places, foundations first; and the numbers of the pairs that it serves.
  private struct Group {
    var models: [Int]
    var pairs: [Int]
  }

  private let collection: ModelCollection
  private let depth: Depth
  /// The neurons of models that are looked at harder.
  private let cache = NeuronCache()
  private let groups: [Group]
  /// Numbers of the pairs that are in no group.
  private let alone: [Int]

  /// Divides the pairs of `collection`; the most models of a pass may be set lower for tests.
  init(_ collection: ModelCollection, depth: Depth, mostModels: Int = CollectionPass.mostModels) {
    self.collection = collection
    self.depth = depth
    var groupOf: [Int: Int] = [:]
    for (number, group) in CollectionPass.groups(of: collection.models.map(\.anatomy)).enumerated() {
      for place in group { groupOf[place] = number }
    }
    var pairsOf: [Int: [Int]] = [:]
    var alone: [Int] = []
    for (number, pair) in collection.pairs.enumerated() {
      if let group = groupOf[pair.candidate], groupOf[pair.foundation] == group {
        pairsOf[group, default: []].append(number)
      } else {
        alone.append(number)
      }
    }
    groups = pairsOf.sorted { $0.key < $1.key }.flatMap { Self.blocks(of: $0.value, in: collection, most: mostModels) }
    self.alone = alone
  }

  /// One group of the models of `pairs`, or where they are too many for a pass, one for every two halves of one: then each model
  /// is read as often as there are other halves.
  private static func blocks(of pairs: [Int], in collection: ModelCollection, most: Int) -> [Group] {
    let isFoundation = Set(collection.foundations)
    let all = Set(pairs.flatMap { [collection.pairs[$0].candidate, collection.pairs[$0].foundation] })
    // A candidate has to come after its foundation: in all with all, by place.
    let isNamed = collection.foundations.count < collection.models.count
    let order = { (a: Int, b: Int) in
      let (p, q) = (isNamed && !isFoundation.contains(a), isNamed && !isFoundation.contains(b))
      return p == q ? a < b : !p
    }
    let models = all.sorted(by: order)
    guard models.count > most else { return [Group(models: models, pairs: pairs)] }
    let half = max(1, most / 2)
    let blockOf = Dictionary(uniqueKeysWithValues: models.enumerated().map { ($1, $0 / half) })
    var parts: [[Int]: [Int]] = [:]
    // Pairs within a block go with the block and its neighbour.
    let last = (models.count - 1) / half
    for number in pairs {
      let blocks = [collection.pairs[number].candidate, collection.pairs[number].foundation].map { blockOf[$0] ?? 0 }.sorted()
      let key = blocks[0] < blocks[1] ? blocks : blocks[0] < last ? [blocks[0], blocks[0] + 1] : [last - 1, last]
      parts[key, default: []].append(number)
    }
    return parts.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }.map { key, pairs in
      let used = Set(pairs.flatMap { [collection.pairs[$0].candidate, collection.pairs[$0].foundation] })
      return Group(models: used.sorted(by: order), pairs: pairs)
    }
  }

  /// Bytes that `run` will read at least, for a `Progress`: harder looks are not in it.
  var bytes: Int {
    groups.reduce(0) { $0 + CollectionPass.bytes(of: $1.models.map { collection.models[$0].anatomy }) }
      + alone.reduce(0) { $0 + InPlacePass.bytes(of: pairing($1, Workers(threads: 1))) }
  }

  /// Finishes every pair, `jobs` at a time with `workers` together. What a journal has is taken from there.
  func run(into results: ScanResults, workers: Workers, jobs: Int, progress: Progress) {
    let each = Workers(threads: max(1, workers.threads / jobs))
    let isKnown = Set(results.restore())
    for group in groups {
      let open = group.pairs.filter { !isKnown.contains($0) }
      guard !open.isEmpty || !results.restoreMixtures(of: group.models) else { continue }
      run(Group(models: group.models, pairs: open), into: results, workers, jobs: Workers(threads: jobs), each, progress)
    }
    let open = alone.filter { !isKnown.contains($0) }
    _ = Workers(threads: jobs).map(open.count) { i in
      let number = open[i]
      let verdict =
        results.isLost(number)
        ? nil : Assessment(pairing(number, each), depth: depth, workers: each, progress: progress, cache: cache).verdict
      results.finish(number, verdict)
    }
  }

  private func run(
    _ group: Group, into results: ScanResults, _ workers: Workers, jobs: Workers, _ each: Workers, _ progress: Progress
  ) {
    let models = results.kept(of: group.models)
    let found = CollectionPass(models.map { collection.models[$0].anatomy }, workers: workers, progress: progress).run()
    let kept = results.kept(of: models)
    // A lost model's numbers are in the block that others were read in: once more without it, so that they do not depend on it.
    guard kept.count == models.count else { return run(group, into: results, workers, jobs: jobs, each, progress) }
    results.add(mixtures(in: found, of: models), places: models)
    finish(group.pairs, in: found, of: models, into: results, workers, jobs: jobs, each)
  }

  private func mixtures(in found: CollectionSimilarity, of models: [Int]) -> [Mixture] {
    let isFoundation = Set(collection.foundations)
    let given = models.indices.filter { isFoundation.contains(models[$0]) }
    // Of equal models the one that is stored most plainly has the name.
    let plainness = models.map { place in
      let anatomy = collection.models[place].anatomy
      return (anatomy.storage.isEmpty ? 0 : 1) + (anatomy.quantisations.isEmpty ? 0 : 2) + (anatomy.adapter == nil ? 0 : 4)
    }
    return Mixture.find(
      in: found.matrices, models: models.count, foundations: isFoundation.count < collection.models.count ? Set(given) : nil,
      order: models.indices.sorted { (plainness[$0], $0) < (plainness[$1], $1) })
  }

  /// The verdicts on `pairs`: those that the pass decides at once, the others by a harder look.
  private func finish(
    _ pairs: [Int], in found: CollectionSimilarity, of models: [Int], into results: ScanResults, _ workers: Workers,
    jobs: Workers, _ each: Workers
  ) {
    let places = Dictionary(uniqueKeysWithValues: zip(models, 0...))
    let similarity = { @Sendable (number: Int) -> InPlaceSimilarity? in
      let pair = collection.pairs[number]
      guard let candidate = places[pair.candidate], let foundation = places[pair.foundation] else { return nil }
      return found.similarity(candidate: candidate, foundation: foundation)
    }
    // The score by which an undecided pair waits for its turn; nil for one that is decided.
    let scores = workers.map(pairs.count) { i -> Double? in
      let number = pairs[i]
      // What may be identical is looked at first.
      guard let similarity = similarity(number) else { return 1 }
      let (verdict, isFinal) = Assessment.inPlace(similarity, layersDiffer: false, depth: depth)
      guard isFinal else { return verdict.score }
      guard depth != .quick, verdict.relation.isKinship, verdict.relation != .identical else {
        results.finish(number, verdict)
        return nil
      }
      // What was done to the norms' gains is read beside.
      let one = Workers(threads: 1)
      results.finish(number, Assessment(similarity, of: pairing(number, one), depth: depth, workers: one).verdict)
      return nil
    }
    let open = zip(pairs, scores).compactMap { number, score in score.map { (number: number, score: $0) } }
      .sorted { ($1.score, $0.number) < ($0.score, $1.number) }
    _ = jobs.map(open.count) { i in
      let number = open[i].number
      guard !results.isLost(number) else { return results.finish(number, nil) }
      let pairing = pairing(number, each)
      let assessment =
        similarity(number).map { Assessment($0, of: pairing, depth: depth, workers: each, cache: cache) }
        ?? Assessment(pairing, depth: depth, workers: each, progress: nil, cache: cache)
      results.finish(number, assessment.verdict)
    }
  }

  private func pairing(_ number: Int, _ workers: Workers) -> Pairing {
    let pair = collection.pairs[number]
    let (candidate, foundation) = Anatomy.agreeing(
      collection.models[pair.candidate].anatomy, collection.models[pair.foundation].anatomy)
    return Pairing(inPlace: candidate, foundation, workers: workers)
  }
}
