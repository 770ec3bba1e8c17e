import Catalogue
import Lineage
import Sketches
import Threads
import Unmask
import WeightSimilarity

/// Finds the relatives among many sketches.
///
/// Each model's nearest ones by compact signs are compared in place. That gives families. Then the models behind masks are looked for: of
/// the pairs of models of different families those are compared whose vectors of neurons are most alike (`MaskedCandidates`).
struct LandscapeSearch {
  /// Models that each one is compared with in place.
  private static let mostInPlace = 8
  /// The least score of compact signs for a comparison: below it, three standard deviations, hardly any relative lies.
  private static let leastScore = 3.0
  /// Models of which every layer is held against every layer of the others. Among more, 10⁶ pairs, only layers at equal distances from either
  /// end are (`SignTable`).
  private static let fullySwept = 1_000
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

  private(set) var comparedInPlace = 0
  private(set) var comparedNeurons = 0
  /// Pairs that are alike by their vectors, and were left out because those more alike held no relative.
  private(set) var leftOut = 0
  private var kept: [Int: PartSketch] = [:]

  init(_ catalogue: Catalogue, _ members: [Member], _ run: RunSettings) {
    (self.catalogue, self.members, self.run) = (catalogue, members, run)
  }

  /// The related pairs with their matches, by index.
  mutating func kin(_ progress: Progress) throws(UnmaskError) -> [ModelPair: SketchMatch] {
    var found: [ModelPair: SketchMatch] = [:]
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
  private func nearInPlace() -> [ModelPair] {
    let (signs, workers) = (members.map(\.ranked.signs), run.workers)
    let table = SignTable(signs)
    let whole = signs.count <= Self.fullySwept ? signs.map { SignSweep($0) } : []
    let nearest = workers.map(members.count) { i -> [Int] in
      guard signs[i].layers > 0, !workers.isCancelled else { return [] }
      let scores = whole.isEmpty ? table.scores(of: i) : whole.map { whole[i].score($0) }
      return scores.indices.filter { $0 != i && scores[$0] >= Self.leastScore }
        .sorted { (scores[$0], $1) > (scores[$1], $0) }.prefix(Self.mostInPlace).map(\.self)
    }
    let pairs = Set(nearest.enumerated().flatMap { i, others in others.map { ModelPair(i, $0) } })
    return pairs.sorted { ($0.a, $0.b) < ($1.a, $1.b) }
  }

  private mutating func addMasked(to found: inout [ModelPair: SketchMatch], _ progress: Progress) throws(UnmaskError) {
    var families = DisjointSets(count: members.count)
    for pair in found.keys.sorted(by: { ($0.a, $0.b) < ($1.a, $1.b) }) { families.join(pair.a, pair.b) }
    let candidates = MaskedCandidates(
      members.map(\.ranked.neurons), families: members.indices.map { families.first(of: $0) }, workers: run.workers)
    try run.checkCancelled()
    progress.plan(comparisons: candidates.pairs.count)
    var inVain = 0
    for (number, pair) in candidates.pairs.enumerated() {
      try run.checkCancelled()
      defer { progress.countComparison() }
      // Families that were joined meanwhile have nothing left to find.
      if families.first(of: pair.a) == families.first(of: pair.b) { continue }
      if candidates.areMany, inVain >= Landscape.mostInVain {
        leftOut = candidates.pairs.count - number
        break
      }
      let (known, candidate) = (try withNeurons(pair.a), try withNeurons(pair.b))
      guard let match = NeuronMatch(candidate: candidate, known: known, workers: run.workers) else { continue }
      comparedNeurons += 1
      let inPlace = InPlaceMatch(candidate: candidate, known: known)
      let both = SketchMatch(inPlace: inPlace, neurons: match, searched: members.count)
      inVain += 1
      guard both.isKin else { continue }
      found[pair] = both
      families.join(pair.a, pair.b)
      inVain = 0
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
