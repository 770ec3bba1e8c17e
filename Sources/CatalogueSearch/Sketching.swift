import Adapters
import Catalogue
import Checkpoints
import MemoryMapping
import ModelAnatomy
package import Sketches
import TensorFiles
package import Unmask
import WeightSimilarity

/// The labels that a user gives to a model in a catalogue; nil where the model itself tells, or nobody does.
package struct SketchLabels: Sendable {
  package var name: String?
  package var revision: String?
  package var licence: String?
  package var base: String?
  package var notes: String?

  package init(
    name: String? = nil, revision: String? = nil, licence: String? = nil, base: String? = nil, notes: String? = nil
  ) {
    (self.name, self.revision, self.licence, self.base, self.notes) = (name, revision, licence, base, notes)
  }
}

/// What happened to one model that was sketched.
package struct SketchedModel: Sendable {
  /// `added`, `replaced` or `unchanged`.
  package enum Outcome: String, Sendable { case added, replaced, unchanged }

  /// Its path, and its name and revision in the catalogue.
  package let path: String
  package let id: String
  package let outcome: Outcome
  /// Bytes of the sketch.
  package let bytes: Int
}

/// The sketch of an open model. Cost: see `Sketcher`.
package func sketch(_ model: Model, readsNeurons: Bool, _ run: RunSettings) throws(UnmaskError) -> ModelSketch {
  if readsNeurons { try RequiredLibrary.open() }
  let sketch: ModelSketch
  do {
    sketch = try run.watching(.sketching, total: Sketcher.bytes(of: model.anatomy)) { progress throws(CheckpointError) in
      try Sketcher(readsNeurons: readsNeurons, workers: run.workers, progress: progress).sketch(of: model.anatomy)
    }
  } catch { throw UnmaskError(error) }
  try run.check(model)
  return sketch
}

extension OpenCatalogue {
  /// Sketches a model and adds it to the catalogue. It is complete on disk when this function returns.
  package func add(
    _ model: Model, labels: SketchLabels, readsNeurons: Bool, _ run: RunSettings
  ) throws(UnmaskError) -> SketchedModel {
    let sketch = try CatalogueSearch.sketch(model, readsNeurons: readsNeurons, run).kept
    var known = CatalogueLabels(name: labels.name ?? model.name, revision: labels.revision ?? "")
    known.path = model.path.resolvedPath ?? model.path
    (known.licence, known.notes) = (labels.licence, labels.notes)
    known.base = labels.base ?? model.anatomy.adapterBaseName
    let entry = CatalogueEntry(
      labels: known, architecture: model.anatomy.parts[0].anatomy.architecture, content: try contentHash(sketch), sketch: sketch)
    let outcome = try translating { () throws(CatalogueError) in try catalogue.add(entry) }
    let reported: SketchedModel.Outcome =
      switch outcome {
      case .added: .added
      case .replaced: .replaced
      case .unchanged: .unchanged
      }
    return SketchedModel(path: model.path, id: known.id, outcome: reported, bytes: sketch.record.count)
  }

  /// SHA-256 of the parts without neurons, and so the same whether these were read or not.
  private func contentHash(_ sketch: ModelSketch) throws(UnmaskError) -> [UInt8] {
    do { return try Digest.sha256(of: sketch.parts.flatMap(\.record)) } catch { throw UnmaskError(error) }
  }
}

extension Anatomy {
  /// The base that an adapter's configuration names.
  fileprivate var adapterBaseName: String? { adapter?.change.configuration.base }
}
