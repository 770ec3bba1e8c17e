import CatalogueSearch
import Lineage
import ModelAnatomy
package import Unmask

/// What a lock file says of models.
package struct LockRequest: Sendable {
  /// The path of the lock file; the places of models below its folder are relative to it.
  package let lockFile: String
  /// The base of an adapter, as it was given; nil for the base that its configuration names.
  package let base: String?
  /// Whether the sketch has neurons, by which a copy in another order or basis is recognised.
  package let readsNeurons: Bool

  package init(lockFile: String, base: String?, readsNeurons: Bool) {
    (self.lockFile, self.base, self.readsNeurons) = (lockFile, base, readsNeurons)
  }

  /// The entry of an open model, with its verdict against each of `foundations`.
  ///
  /// Reads every byte of a model of this machine twice (content hash, hash of the numbers) and of its foundations once; of a model of the
  /// hub only what a sketch needs, since its commit stands for its content. A comparison is one more read.
  package func lock(
    _ model: Model, against foundations: [LockFoundation], depth: Depth, _ run: RunSettings
  ) throws(UnmaskError) -> LockedModel {
    let fingerprint = try ModelFingerprint(of: model, run)
    let values = fingerprint.content == nil ? nil : try ModelFingerprint.values(of: model, run)
    let sketch = try CatalogueSearch.sketch(model, readsNeurons: readsNeurons, run)
    var verdicts: [LockedFoundation] = []
    for foundation in foundations {
      try run.checkCancelled()
      let verdict = try compare(model, foundation.model, depth: depth, layerMatrix: .none, contentHashes: false, run).verdict
      verdicts.append(
        LockedFoundation(
          place: LockPlace.place(of: foundation.model.path, in: lockFile), name: foundation.model.name,
          commit: foundation.fingerprint.commit, content: foundation.fingerprint.content, relation: verdict.relation,
          score: verdict.score, coverage: verdict.coverage, cosine: verdict.cosine, log10P: verdict.log10P))
    }
    let description = ModelDescription(of: model.anatomy, listing: false)
    return LockedModel(
      place: LockPlace.place(of: model.path, in: lockFile), name: model.name, commit: fingerprint.commit,
      content: fingerprint.content, values: values,
      base: model.anatomy.adapter == nil
        ? nil
        : LockedModel.Base(place: base.map { LockPlace.place(of: $0, in: lockFile) }, content: fingerprint.baseContent),
      architecture: description.architecture, parameters: description.parameters, layers: description.layers,
      types: description.elementTypes, files: fingerprint.files, foundations: verdicts, sketch: sketch)
  }
}

/// An open foundation with its hash, which serves all models that are locked.
package struct LockFoundation: Sendable {
  package let model: Model
  let fingerprint: ModelFingerprint

  /// Reads every byte of a model of this machine.
  package init(_ model: Model, _ run: RunSettings) throws(UnmaskError) {
    self.model = model
    fingerprint = try ModelFingerprint(of: model, run)
  }
}
