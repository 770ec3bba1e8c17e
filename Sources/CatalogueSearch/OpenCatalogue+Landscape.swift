import Catalogue
import Lineage
import ModelAnatomy
import NeuronTables
import Sketches
package import Unmask
import WeightSimilarity

extension OpenCatalogue {
  /// The families among the models of the catalogue, by their main parts. `given`: models to mark, each by its name in the catalogue, or a
  /// path; those by path are sketched and join the landscape, and the catalogue stays as it is.
  ///
  /// Cost: the compact signs and the vectors of neurons of every pair, about 0.3 µs: half a minute for 10,000 models; for each model
  /// some comparisons of sketches; and those of the neurons. Memory: 4 kB a model, and the sketches of 4,096.
  package func landscape(marking given: [String], base: String?, readsNeurons: Bool, _ run: RunSettings) throws(UnmaskError)
    -> Landscape
  {
    let rows = try translating { () throws(CatalogueError) in try catalogue.rows() }
    let ranked = try translating { () throws(CatalogueError) in try catalogue.ranked() }
    let known = Dictionary(rows.map { ($0.labels.id, $0) }, uniquingKeysWith: { first, _ in first })
    var members = ranked.filter { known[$0.id] != nil }.map { LandscapeSearch.Member(ranked: $0) }
    var models = members.compactMap { member in
      known[member.ranked.id].map { row in
        Landscape.Model(
          id: row.labels.id, labels: row.labels, architecture: row.architecture, parameters: row.parts[0].parameters,
          layers: row.parts[0].layers, isMarked: given.contains(row.labels.id) || given.contains(row.labels.name))
      }
    }
    for path in given where !models.contains(where: { $0.isMarked && ($0.id == path || $0.labels.name == path) }) {
      let (member, model) = try sketched(path, base: base, readsNeurons: readsNeurons, taken: Set(models.map(\.id)), run)
      members.append(member)
      models.append(model)
    }
    var search = LandscapeSearch(catalogue, members, run)
    let kin = try run.watching(.searching, total: 0) { progress throws(UnmaskError) in try search.kin(progress) }
    let tree = try tree(models, kin, &search)
    return Landscape(
      catalogue: path, models: models, tree: tree, comparedInPlace: search.comparedInPlace,
      comparedNeurons: search.comparedNeurons, leftOut: search.leftOut,
      withoutNeurons: members.count { $0.ranked.neurons == nil })
  }

  private func sketched(
    _ path: String, base: String?, readsNeurons: Bool, taken: Set<String>, _ run: RunSettings
  ) throws(UnmaskError) -> (LandscapeSearch.Member, Landscape.Model) {
    let model = try Model(path, base: base)
    let sketch = try CatalogueSearch.sketch(model, readsNeurons: readsNeurons, run.on(part: model.name))
    let part = sketch.parts[0]
    let id = taken.contains(model.name) ? path : model.name
    let ranked = Catalogue.Ranked(
      part: -1, id: id, signs: CompactSigns(part), neurons: part.neurons.map { RankedNeurons($0) })
    let shown = Landscape.Model(
      id: id, labels: CatalogueLabels(name: id, path: path), architecture: model.anatomy.parts[0].anatomy.architecture,
      parameters: part.parameters, layers: part.layers, isMarked: true)
    return (LandscapeSearch.Member(ranked: ranked, sketch: part), shown)
  }

  private func tree(
    _ models: [Landscape.Model], _ kin: [ModelPair: SketchMatch], _ search: inout LandscapeSearch
  ) throws(UnmaskError) -> FamilyTree {
    let pairs = kin.sorted { ($0.key.a, $0.key.b) < ($1.key.a, $1.key.b) }
    var traits: [ModelTraits] = []
    for i in models.indices { traits.append(ModelTraits(of: try search.sketch(i))) }
    for (pair, _) in pairs where traits[pair.a].layers != traits[pair.b].layers {
      let deeper = traits[pair.a].layers > traits[pair.b].layers ? pair.a : pair.b
      if traits[deeper].repeatsLayers == nil { traits[deeper].repeatsLayers = try search.sketch(deeper).repeatsLayers }
    }
    let findings = ScanFindings(
      models: models.map { model in
        ScanFindings.Model(
          id: model.id, path: model.labels.path ?? "", parameters: model.parameters, layers: model.layers,
          architecture: model.architecture)
      },
      pairs: pairs.map { pair, match in
        ScanPair(candidate: models[pair.b].id, foundation: models[pair.a].id, verdict: Self.verdict(match))
      }, foundations: models.map(\.id))
    // Weights are not at hand.
    let look: FamilyTree.Look = { _, _ in nil }
    // Mixtures are not known here, so a direction needs evidence of its own.
    return FamilyTree(TreeSkeleton(findings, traits: traits, bases: [], look: look), look: look).directedByOwnEvidence
  }

  private static func verdict(_ match: SketchMatch) -> Verdict {
    let isMasked = !match.isInPlace
    return Verdict(
      ofSketches: max(0, min(1, match.inPlace?.cosine ?? 0)), aligned: isMasked ? match.neurons?.share : nil,
      coverage: max(match.mappedShare, match.inPlace?.coverage ?? 0), score: max(0.5, match.score), log10P: match.log10P)
  }
}
