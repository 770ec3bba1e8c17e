package import Catalogue
import Lineage
import NeuronTables
package import Sketches
import Threads
package import Unmask
import WeightSimilarity

extension OpenCatalogue {
  /// The known models nearest to a sketch, for each of its parts. `top`: their number for each part, at least 1. `except`: the model
  /// itself, when it is in the catalogue.
  ///
  /// First the compact signs of all parts are swept, then the sketches of the 48 nearest are compared. The vectors of all neurons are swept,
  /// the tables of the 16 nearest are read, and the neurons of the 6 that are most alike are compared. Memory: O(parts), and 64
  /// sketches.
  package func identify(
    _ sketch: ModelSketch, as model: String, top: Int, except: CatalogueLabels? = nil, _ run: RunSettings
  ) throws(UnmaskError) -> Identification {
    var parts: [Identification.Part] = []
    for part in sketch.parts {
      try run.checkCancelled()
      parts.append(try identify(part, top: top, except: except, run))
    }
    return Identification(model: model, parts: parts)
  }

  /// The models of the catalogue nearest to one of them.
  package func near(_ name: String, top: Int, _ run: RunSettings) throws(UnmaskError) -> [Identification] {
    let entries = try translating { () throws(CatalogueError) in try catalogue.entries(named: name) }
    var found: [Identification] = []
    for entry in entries {
      found.append(try identify(entry.sketch, as: entry.labels.id, top: top, except: entry.labels, run))
    }
    return found
  }

  private func identify(
    _ part: PartSketch, top: Int, except: CatalogueLabels?, _ run: RunSettings
  ) throws(UnmaskError) -> Identification.Part {
    let (searched, inPlace, byNeurons) = try translating { () throws(CatalogueError) in
      (
        try catalogue.partCount(), try catalogue.nearestInPlace(part, except: except),
        try catalogue.nearestByNeurons(part, except: except)
      )
    }
    // The neurons of the part that is nearest in place say more of the layers.
    let withNeurons = Set(try likeliest(byNeurons, part, run)).union(inPlace.prefix(1))
    var found: [Identification.Match] = []
    var inPlaceKin: [(labels: CatalogueLabels, sketch: PartSketch)] = []
    var (comparedInPlace, comparedNeurons) = (0, 0)
    let keys = Set(inPlace).union(byNeurons).sorted()
    try run.watching(.searching, total: 0) { progress throws(UnmaskError) in
      progress.plan(comparisons: keys.count)
      for key in keys {
        try run.checkCancelled()
        defer { progress.countComparison() }
        let comparesNeurons = part.neurons != nil && withNeurons.contains(key)
        let known = try translating { () throws(CatalogueError) in try catalogue.known(key, withNeurons: comparesNeurons) }
        guard let known else { continue }
        let signs = InPlaceMatch(candidate: part, known: known.sketch)
        let neurons = comparesNeurons ? NeuronMatch(candidate: part, known: known.sketch, workers: run.workers) : nil
        comparedInPlace += signs == nil ? 0 : 1
        comparedNeurons += neurons == nil ? 0 : 1
        guard signs != nil || neurons != nil else { continue }
        let match = SketchMatch(inPlace: signs, neurons: neurons, searched: searched)
        found.append(Identification.Match(labels: known.labels, part: known.sketch.name, match: match))
        if match.log10InPlace <= SketchMatch.log10Significance { inPlaceKin.append((known.labels, known.sketch)) }
      }
    }
    found.sort { Self.isNearer($0, $1) }
    let doubt = Self.doubt(part, best: found.first?.match, comparedNeurons: comparedNeurons)
    let isKin = found.first?.match.isKin ?? false
    return Identification.Part(
      name: part.name, relation: isKin ? .derived : .insufficient, doubt: isKin ? nil : doubt,
      matches: Array(found.prefix(top)), mixture: Self.mixture(part, inPlaceKin, searched: searched), searched: searched,
      comparedInPlace: comparedInPlace, comparedNeurons: comparedNeurons)
  }

  /// Parts whose neurons are compared in full.
  private static let mostTables = 6

  /// The parts whose tables look most like those of `part`, among those that are nearest by their vectors. It only ranks.
  private func likeliest(_ keys: [Int], _ part: PartSketch, _ run: RunSettings) throws(UnmaskError) -> [Int] {
    guard let own = part.neurons, keys.count > Self.mostTables else { return keys }
    var tables: [TableSketch?] = []
    for key in keys {
      try run.checkCancelled()
      let known = try translating { () throws(CatalogueError) in try catalogue.known(key, withNeurons: true) }
      tables.append(known?.sketch.neurons)
    }
    let read = tables
    let likeness = run.workers.map(keys.count) { i in read[i].map { own.likeness(to: $0) } ?? -1 }
    return likeness.indices.sorted { (likeness[$0], $1) > (likeness[$1], $0) }.prefix(Self.mostTables).map { keys[$0] }
  }

  /// The mixture of relatives in place that a part may be.
  private static func mixture(
    _ part: PartSketch, _ kin: [(labels: CatalogueLabels, sketch: PartSketch)], searched: Int
  ) -> Identification.Mixture? {
    let tries = SketchMatch.log10Tries(searched: searched)
    return SketchMixture(candidate: part, known: kin.map(\.sketch), log10Tries: tries).map { mixture in
      Identification.Mixture(
        parents: mixture.parents.map { parent in
          Identification.Parent(
            labels: kin[parent.known].labels, part: kin[parent.known].sketch.name, share: parent.share)
        }, log10P: mixture.log10P)
    }
  }

  /// Kin before others, then by score, p-value and name.
  private static func isNearer(_ a: Identification.Match, _ b: Identification.Match) -> Bool {
    if a.match.isKin != b.match.isKin { return a.match.isKin }
    if a.match.score != b.match.score { return a.match.score > b.match.score }
    if a.match.log10P != b.match.log10P { return a.match.log10P < b.match.log10P }
    return (a.labels.id, a.part) < (b.labels.id, b.part)
  }

  private static func doubt(_ part: PartSketch, best: SketchMatch?, comparedNeurons: Int) -> Identification.Doubt {
    if part.isEmpty { return .emptySketch }
    guard let best else { return .nothingComparable }
    if best.log10P <= SketchMatch.log10Hint { return .hint }
    return comparedNeurons == 0 ? .noNeurons : .nothingFound
  }
}

/// Compares a model in full with the nearest known model of its main part, where the weights of that still are where they were when it
/// was sketched. Writes the outcome into the match. Kin is compared, and a hint.
package func confirm(_ identification: inout Identification, _ model: Model, _ run: RunSettings) throws(UnmaskError) {
  guard var best = identification.parts[0].matches.first, best.match.log10P <= SketchMatch.log10Hint else { return }
  if let path = best.labels.path {
    do {
      let foundation = try Model(path)
      best.confirmed = try compare(model, foundation, depth: .standard, layerMatrix: .none, contentHashes: false, run)
        .verdict.relation
    } catch {
      if error.kind == .cancelled { throw error }
      best.problem = error.description
    }
  } else {
    best.problem = "the catalogue does not know where its weights are"
  }
  identification.parts[0].matches[0] = best
}
