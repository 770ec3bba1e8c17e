import Checkpoints
import Lineage
import Matching
import MemoryMapping
package import ModelAnatomy
import RoleInference
import TensorFiles
import Threads
import WeightSimilarity

/// The models of a scan: the models found below its folders, and the named foundations.
package struct ModelCollection {
  /// A model that could be read.
  package struct Model: Sendable {
    /// Path relative to the scanned folder, or to the common parent of several; for a foundation outside of it, the path as given.
    package let id: String
    /// The whole model.
    package let whole: Anatomy
    /// Its parts, the main one first.
    package let parts: [ModelPart]
    /// The main part, by which models are compared.
    package let anatomy: Anatomy

    package init(id: String, whole: Anatomy) {
      (self.id, self.whole, parts) = (id, whole, whole.parts)
      anatomy = parts[0].anatomy
    }
  }

  /// Two models by their indices in `models`.
  package struct Pair: Sendable {
    package var candidate: Int
    package var foundation: Int
  }

  /// Sorted by id.
  package let models: [Model]
  /// Indices of the foundations in `models`; all models when no foundation was named.
  package let foundations: [Int]
  /// Every unordered pair once (the later one by id as the candidate), or every model with each named foundation.
  package let pairs: [Pair]
  /// True when no foundation was named.
  package let isAllWithAll: Bool
  /// Folders with weights in unsupported formats, sorted by id.
  let skipped: [ScanFindings.SkippedFolder]
  private let broken: [ScanFindings.Model]
  /// Indices in `models`, by the bytes of their ids.
  private let positions: [[UInt8]: Int]

  /// Finds and opens the models. Only a named foundation that cannot be opened ends the scan.
  ///
  /// An adapter is treated as the model that results from applying it to its base: the base that its config names, if it exists;
  /// else the found model with that name; else `base`.
  ///
  /// `words`: makes the message in the row of a model that could not be opened. `threads` of them are opened at the same time.
  /// `isWanted`: whether to take what is found under an id.
  package init(
    folders: [String], against: [String], base: String? = nil, threads: Int? = nil,
    words: (UnmaskError) -> String = \.description,
    isWanted: (String) -> Bool = { _ in true }
  ) throws(UnmaskError) {
    Checkpoint.allowManyFiles()
    var named: [[FileLocation]: (path: String, anatomy: Anatomy)] = [:]
    for path in against {
      let anatomy = try ModelOpening.open(path)
      let files = anatomy.files.map { FileLocation($0) }
      if named[files] == nil { named[files] = (path, anatomy) }
    }

    var models: [Model] = []
    var broken: [ScanFindings.Model] = []
    var adapters: [(id: String, path: String)] = []
    var skipped: [[String]: ScanFindings.SkippedFolder] = [:]
    var foundFoundations: Set<[UInt8]> = []
    // Folders may overlap, and one may be given twice: a model is identified by its location.
    var seen: Set<[FileLocation]> = []
    var identifiers = ModelIdentifiers(folders)
    for folder in folders {
      let idOf = { (found: FoundModel) in found.name ?? identifiers.id(of: found.path, in: folder) }
      for (found, opened) in try Self.openAll(below: folder, RunSettings(threads: threads).workers, if: { isWanted(idOf($0)) }) {
        let id = idOf(found)
        if let format = found.format {
          let place = [found.path.resolvedPath ?? found.path, format]
          if skipped[place] == nil { skipped[place] = .init(id: id, path: found.path, format: format) }
          continue
        }
        guard let opened else {
          adapters.append((id, found.path))
          continue
        }
        do {
          let anatomy = try opened.get()
          let files = anatomy.files.map { FileLocation($0) }
          guard seen.insert(files).inserted else { continue }
          let id = identifiers.take(id, path: found.path)
          // A named foundation inside the folder is the found model, not a second model.
          if named.removeValue(forKey: files) != nil { foundFoundations.insert(Array(id.utf8)) }
          models.append(Model(id: id, whole: anatomy))
        } catch {
          guard seen.insert([FileLocation(found.path)]).inserted else { continue }
          broken.append(
            .init(id: id, path: found.path, parameters: nil, layers: nil, architecture: nil, error: error.description))
        }
      }
    }
    for (id, path) in adapters where seen.insert([FileLocation(path)]).inserted {
      do {
        let anatomy = try ModelOpening.openAdapter(path, bases: models.map(\.whole), otherwise: base)
        let id = identifiers.take(id, path: path)
        if named.removeValue(forKey: anatomy.files.map { FileLocation($0) }) != nil {
          foundFoundations.insert(Array(id.utf8))
        }
        models.append(Model(id: id, whole: anatomy))
      } catch {
        broken.append(.init(id: id, path: path, parameters: nil, layers: nil, architecture: nil, error: words(error)))
      }
    }
    for (path, anatomy) in named.values {
      // The given name of this model may equal the name of a found model.
      let id = models.contains { $0.id.utf8.elementsEqual(path.utf8) } ? path + " (foundation)" : path
      models.append(Model(id: id, whole: anatomy))
      foundFoundations.insert(Array(id.utf8))
    }
    models.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    self.models = models
    positions = Dictionary(uniqueKeysWithValues: models.enumerated().map { (Array($1.id.utf8), $0) })
    self.broken = broken
    self.skipped = skipped.values.sorted { a, b in
      let (x, y) = (Array(a.id.utf8), Array(b.id.utf8))
      return x == y ? a.format < b.format : x.lexicographicallyPrecedes(y)
    }
    let isFoundation = models.map { foundFoundations.contains(Array($0.id.utf8)) }
    foundations = against.isEmpty ? Array(models.indices) : models.indices.filter { isFoundation[$0] }
    isAllWithAll = against.isEmpty
    let chosen = foundations
    pairs = models.indices.filter { against.isEmpty || !isFoundation[$0] }.flatMap { candidate in
      (against.isEmpty ? Array(0..<candidate) : chosen).map { Pair(candidate: candidate, foundation: $0) }
    }
  }

  /// The number of a pair where all are compared with all; the foundation comes before the candidate. O(1).
  static func number(candidate: Int, foundation: Int) -> Int { candidate * (candidate - 1) / 2 + foundation }

  /// The index of the model with this id.
  func position(of id: String) -> Int? { positions[Array(id.utf8)] }

  /// The anatomies of some models, by their indices.
  func anatomies(_ indices: [Int]) -> [Anatomy] { indices.map { models[$0].anatomy } }

  /// The pairing of two models in place, both with the same head size. Reads the same data as `PairingChoice.inPlace`.
  func pairing(_ pair: Pair, _ workers: Workers) -> Pairing {
    let (candidate, foundation) = ModelReading.agreeing(models[pair.candidate].anatomy, models[pair.foundation].anatomy)
    return PairingChoice.inPlace(candidate, foundation, workers: workers)
  }

  /// True when every model is on this machine.
  package var isLocal: Bool { models.allSatisfy(\.whole.isLocal) }

  /// All files of all models.
  package var files: [String] { models.flatMap(\.anatomy.files) }

  /// A row for every model, unreadable ones included, by id. `lost`: why models could not be read completely, by their indices in
  /// `models`.
  func rows(lost: [Int: String]) -> [ScanFindings.Model] {
    let readable = models.enumerated().map { place, model in
      ScanFindings.Model(
        id: model.id, path: model.whole.checkpoint.path, parameters: model.whole.parameters, layers: model.anatomy.layers,
        architecture: model.anatomy.architecture, forms: Self.forms(of: model.anatomy), error: lost[place])
    }
    return (readable + broken).sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
  }

  private static func forms(of model: Anatomy) -> Set<ModelForm> {
    var found: Set<ModelForm> = model.quantisations.isEmpty ? [] : [.quantised]
    if model.adapter != nil { found.insert(.adapter) }
    if model.dimensions.experts != nil { found.insert(.experts) }
    return found
  }

  /// What is found below `folder`, each with its opened model or the reason why it cannot be opened; nil for adapters, which need
  /// their bases first, and for other formats.
  private static func openAll(
    below folder: String, _ workers: Workers, if isWanted: (FoundModel) -> Bool
  ) throws(UnmaskError) -> [(FoundModel, Result<Anatomy, CheckpointError>?)] {
    let all: [FoundModel]
    do { all = try Checkpoint.find(below: folder) } catch { throw UnmaskError(error) }
    if let other = all.first?.error, all.allSatisfy({ $0.kind == .otherFormat }) { throw UnmaskError(other) }
    if all.isEmpty { throw UnmaskError(.invalid, file: folder, .noModels) }
    let found = all.filter(isWanted)
    let opened = workers.map(found.count) { number -> Result<Anatomy, CheckpointError>? in
      guard found[number].format == nil, found[number].kind != .adapter else { return nil }
      return Result { () throws(CheckpointError) in ModelReading.anatomy(of: try found[number].open()) }
    }
    return Array(zip(found, opened))
  }
}
