import Catalogue
import Lineage
import NeuronTables
import Sketches
import Threads
import Unmask
import WeightSimilarity

/// Finds the relatives among many sketches.
///
/// Each model's nearest ones by compact signs are compared in place. That gives families. Then a model of each family, and each model
/// without a family, looks for the one behind a mask: the nearest ones by vectors of neurons, outside of its family, are compared.
struct LandscapeSearch {
  /// Models that each one is compared with in place.
  private static let mostInPlace = 8
  /// The least score of compact signs for a comparison: below it, three standard deviations, hardly any relative lies.
  private static let leastScore = 3.0
  /// Models that each family is compared with by neurons, and how many standard deviations their cosines have to be above the mean
  /// where there are many models.
  private static let mostNeurons = 6
  private static let leastDeviations = 3.5
  private static let many = 100
  /// Sketches without neurons that are kept in memory.
  private static let mostKept = 4096

  /// A model that is in the catalogue, or was sketched.
  struct Member {
    var ranked: Catalogue.Ranked
    /// Nil for one of the catalogue.
    var sketch: PartSketch?
  }

  let catalogue: Catalogue
  let members: [Member]
  let run: RunSettings

  struct Pair: Hashable {
    let a: Int
    let b: Int

    init(_ x: Int, _ y: Int) { (a, b) = (min(x, y), max(x, y)) }
  }

  private(set) var comparedInPlace = 0
  private(set) var comparedNeurons = 0
  private var kept: [Int: PartSketch] = [:]

  init(_ catalogue: Catalogue, _ members: [Member], _ run: RunSettings) {
    (self.catalogue, self.members, self.run) = (catalogue, members, run)
  }

  /// The related pairs with their matches, by index.
  mutating func kin(_ progress: Progress) throws(UnmaskError) -> [Pair: SketchMatch] {
    var found: [Pair: SketchMatch] = [:]
    let near = nearInPlace()
    try run.checkCancelled()
    progress.plan(comparisons: near.count)
    // A batch at a time, so that sketches are read by one thread and compared by all.
    for start in stride(from: 0, to: near.count, by: 256) {
      let batch = Array(near[start..<min(start + 256, near.count)])
      var sketches: [(PartSketch, PartSketch)] = []
      for pair in batch { sketches.append((try sketch(pair.a), try sketch(pair.b))) }
      let (read, searched) = (sketches, members.count)
      let matches = run.workers.map(batch.count) { i -> SketchMatch? in
        defer { progress.countComparison() }
        return InPlaceMatch(candidate: read[i].1, known: read[i].0).map {
          SketchMatch(inPlace: $0, neurons: nil, searched: searched)
        }
      }
      for (pair, match) in zip(batch, matches) {
        comparedInPlace += match == nil ? 0 : 1
        if let match, match.isKin { found[pair] = match }
      }
      try run.checkCancelled()
    }
    try addMasked(to: &found, progress)
    return found
  }

  /// The pairs that are near in place, in order.
  private func nearInPlace() -> [Pair] {
    let (signs, workers) = (members.map(\.ranked.signs), run.workers)
    let nearest = workers.map(members.count) { i -> [Int] in
      guard signs[i].layers > 0, !workers.isCancelled else { return [] }
      let scores = signs.indices.map { $0 == i ? 0 : signs[i].score(signs[$0]) }
      return scores.indices.filter { scores[$0] >= Self.leastScore }.sorted { (scores[$0], $1) > (scores[$1], $0) }
        .prefix(Self.mostInPlace).map(\.self)
    }
    let pairs = Set(nearest.enumerated().flatMap { i, others in others.map { Pair(i, $0) } })
    return pairs.sorted { ($0.a, $0.b) < ($1.a, $1.b) }
  }

  private mutating func addMasked(to found: inout [Pair: SketchMatch], _ progress: Progress) throws(UnmaskError) {
    var families = DisjointSets(count: members.count)
    for pair in found.keys.sorted(by: { ($0.a, $0.b) < ($1.a, $1.b) }) { families.join(pair.a, pair.b) }
    let neurons = members.map(\.ranked.neurons)
    let means = RankedNeurons.means(of: neurons)
    let family = members.indices.map { families.first(of: $0) }
    // A family's first model with neurons looks for all of it.
    var speakers: [Int: Int] = [:]
    for i in members.indices where neurons[i] != nil && speakers[family[i]] == nil { speakers[family[i]] = i }
    let order = speakers.values.sorted()
    let nearest = run.workers.map(order.count) { number -> [Pair] in
      let i = order[number]
      let cosines = RankedNeurons.cosines(of: i, among: neurons, means: means)
      let known = cosines.compactMap(\.self)
      guard !known.isEmpty else { return [] }
      let mean = known.reduce(0, +) / Double(known.count)
      let spread = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(known.count)).squareRoot()
      let least = known.count < Self.many ? -Double.infinity : mean + Self.leastDeviations * spread
      return cosines.indices.filter { family[$0] != family[i] && (cosines[$0] ?? -2) >= least }
        .sorted { (cosines[$0] ?? -2, $1) > (cosines[$1] ?? -2, $0) }.prefix(Self.mostNeurons).map { Pair(i, $0) }
    }
    let pairs = Set(nearest.flatMap(\.self)).sorted { ($0.a, $0.b) < ($1.a, $1.b) }
    progress.plan(comparisons: pairs.count)
    for pair in pairs {
      try run.checkCancelled()
      defer { progress.countComparison() }
      let (known, candidate) = (try withNeurons(pair.a), try withNeurons(pair.b))
      guard let match = NeuronMatch(candidate: candidate, known: known, workers: run.workers) else { continue }
      comparedNeurons += 1
      let inPlace = InPlaceMatch(candidate: candidate, known: known)
      let both = SketchMatch(inPlace: inPlace, neurons: match, searched: members.count)
      if both.isKin { found[pair] = both }
    }
  }

  /// A sketch without its neurons.
  mutating func sketch(_ i: Int) throws(UnmaskError) -> PartSketch {
    if let sketch = members[i].sketch ?? kept[i] { return sketch }
    let read = try read(i, withNeurons: false)
    if kept.count >= Self.mostKept { kept.removeAll(keepingCapacity: true) }
    kept[i] = read
    return read
  }

  private func withNeurons(_ i: Int) throws(UnmaskError) -> PartSketch {
    if let sketch = members[i].sketch { return sketch }
    return try read(i, withNeurons: true)
  }

  private func read(_ i: Int, withNeurons: Bool) throws(UnmaskError) -> PartSketch {
    let part = members[i].ranked.part
    let known = try UnmaskError.translating(catalogue.path) { () throws(CatalogueError) in
      try catalogue.known(part, withNeurons: withNeurons)
    }
    // Another process has removed it.
    return known?.sketch ?? PartSketch(name: "", layers: 0, parameters: 0, weights: [], neurons: nil)
  }
}
