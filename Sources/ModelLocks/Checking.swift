import CatalogueSearch
import ModelAnatomy
import Sketches
package import Unmask

extension LockFile {
  /// What became of each model, in the order of the file. `path`: the path of the lock file.
  ///
  /// Reads every byte of a model of this machine; where its hash is another one, once more for the numbers, and then for a sketch. Of a
  /// model of the hub whose commit is another one, what a sketch needs. Throws only after a cancellation, and without OpenBLAS for sketches
  /// with neurons: a model that cannot be read has an outcome.
  package func check(at path: String, _ run: RunSettings) throws(UnmaskError) -> [CheckedModel] {
    var found: [CheckedModel] = []
    for model in models {
      try run.checkCancelled()
      found.append(try model.check(LockPlace.path(of: model.place, in: path), lockFile: path, run))
    }
    return found
  }
}

extension LockedModel {
  fileprivate func check(_ path: String, lockFile: String, _ run: RunSettings) throws(UnmaskError) -> CheckedModel {
    do {
      let model = try Model(path, base: base?.place.map { LockPlace.path(of: $0, in: lockFile) })
      return try check(model, run)
    } catch {
      switch error.kind {
      case .cancelled, .missingLibrary: throw error
      case .notFound: return CheckedModel(self, path: path, .missing, nil, error: error)
      default: return CheckedModel(self, path: path, .unreadable, nil, error: error)
      }
    }
  }

  private func check(_ model: Model, _ run: RunSettings) throws(UnmaskError) -> CheckedModel {
    let now = try ModelFingerprint(of: model, run)
    let types = ModelDescription(of: model.anatomy, listing: false).elementTypes
    let result = { (outcome: CheckedModel.Outcome, basis: CheckedModel.Basis, parts: [CheckedModel.Part]) in
      CheckedModel(self, path: model.path, outcome, basis, parts: parts, types: types, commit: now.commit)
    }
    if content == nil {
      // The commit stands for the content; an adapter's base, if it was here, has its own hash.
      if let commit, commit == now.commit, base?.content == now.baseContent || now.baseContent == nil {
        return result(.unchanged, .commit, [])
      }
    } else if content == now.content, base?.content == now.baseContent {
      return result(files == now.files ? .unchanged : .reencoded, .contentHash, [])
    }
    if let values, now.content != nil, try ModelFingerprint.values(of: model, run) == values {
      return result(.reencoded, .values, [])
    }
    let hasNeurons = sketch.parts.contains { $0.neurons != nil }
    let found = try CatalogueSearch.sketch(model, readsNeurons: hasNeurons, run)
    // With a content hash it is known that something is another.
    if content == nil, found.record == sketch.record { return result(.undecided, .sketch, []) }
    let parts = found.parts.enumerated().map { number, part in
      // Whatever the main parts are called, they are compared with each other.
      let known = number == 0 ? sketch.parts[0] : sketch.parts.dropFirst().first { $0.name == part.name }
      return CheckedModel.Part(name: part.name, match: known.flatMap { Self.match(part, $0, run) })
    }
    return result(parts[0].match?.isKin == true ? .tuned : .otherModel, .sketch, parts)
  }

  /// The comparison of a part with an approved part; nil if nothing of them can be compared.
  private static func match(_ part: PartSketch, _ known: PartSketch, _ run: RunSettings) -> SketchMatch? {
    let inPlace = InPlaceMatch(candidate: part, known: known)
    let neurons = NeuronMatch(candidate: part, known: known, workers: run.workers)
    guard inPlace != nil || neurons != nil else { return nil }
    return SketchMatch(inPlace: inPlace, neurons: neurons, searched: 1)
  }
}
