internal import MemoryMapping
package import TensorFiles

extension Checkpoint {
  /// Lets the process open as many files as the system allows. Call it before opening many models: every shard is mapped.
  package static func allowManyFiles() { DescriptorLimit.raise() }

  /// Every model below `folder`, sorted by path bytes. If `folder` is a model, it is included; the path of a file finds it.
  ///
  /// A folder with `model.safetensors` or an index is one model. Its sub-folders are searched, except hidden ones, internal
  /// folders of a cache, and `original` next to a model (the same weights under other names). A repository of a Hugging Face
  /// cache is one model. Every GGUF file (or split file) is one model, also beside others: such folders
  /// hold several quantisations. Files of PyTorch count where no safetensors file is beside them. The models of ollama are found by their manifests, and blobs by their magic bytes. Every other
  /// safetensors file is one model; shards without an index are one broken model. A file or
  /// folder that cannot be read becomes an entry with an error. A folder with weights in other formats becomes one entry per
  /// format, unless it is a safetensors model itself: then they are a second copy of the weights. Links are followed; each
  /// folder is visited once. Nothing is opened: O(entries).
  ///
  /// Throws when `folder` itself does not exist or cannot be read.
  package static func find(below folder: String) throws(CheckpointError) -> [FoundModel] {
    switch PathKind(folder) {
    case .file: return [FoundModel(folder, .file)]
    default: break
    }
    var search = ModelSearch()
    search.visit(try Folder(folder))
    while let path = search.pending.popLast() {
      do { search.visit(try Folder(path)) } catch { search.found.append(FoundModel(path, .broken, error: error)) }
    }
    return search.found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }
}

/// The state of one search: folders still to visit, models found so far.
private struct ModelSearch {
  var found: [FoundModel] = []
  var pending: [String] = []
  private var visited: Set<FileIdentity> = []

  mutating func visit(_ folder: Folder) {
    guard visited.insert(folder.identity).inserted else { return }
    if let cache = HubCache(folder) {
      // A repository of GGUF files holds a quantisation in each; another repository is one model.
      if let snapshot = try? cache.snapshot(), addGGUF(of: snapshot), !hasModel(snapshot) { return }
      found.append(FoundModel(folder.path, .hubCache))
      return
    }
    if let store = OllamaStore(folder) {
      for model in store.models { found.append(FoundModel(model.path, .file, name: model.name)) }
      return
    }
    let names = folder.names.map { ModelFileName($0) }
    addGGUF(of: folder)
    let isModel = addModels(of: folder, names.filter { !$0.isGGUF })
    if !isModel {
      addPyTorch(of: folder, isAlone: !names.contains { $0.isTensorFile && !$0.isNoModel })
      addOtherFormats(of: folder, names)
    }
    for name in folder.names where PathKind(folder.path(of: name)) == .folder {
      if name.hasPrefix(".") || name.hasSuffix(".safetensors") { continue }
      if isModel && name == "original" { continue }
      // The shared store of a cache: the file names of the weights are hashes.
      if name == "blobs", folder.names.contains(where: { $0.hasPrefix("models--") }) { continue }
      pending.append(folder.path(of: name))
    }
  }

  /// Adds the GGUF files of `folder`, and the blobs that are such files. Returns whether there are any.
  @discardableResult
  private mutating func addGGUF(of folder: Folder) -> Bool {
    let count = found.count
    for name in folder.names.map({ ModelFileName($0) }) {
      let path = folder.path(of: name.name)
      let isFurtherPart = (name.split?.number ?? 1) > 1 && folder.contains(name.part(1))
      guard PathKind(path) == .file else { continue }
      let isNamedOtherwise = OllamaStore.isBlob(name.name) || name.foreignFormat != nil
      guard name.isGGUF && !name.isNoModel && !isFurtherPart || isNamedOtherwise && TensorFormat.isGGUF(path) else { continue }
      found.append(FoundModel(path, .file))
    }
    return found.count > count
  }

  /// Adds the models of `folder` that are files of PyTorch. If there is one and nothing else, the folder is the model.
  private mutating func addPyTorch(of folder: Folder, isAlone: Bool) {
    let files = PyTorchFolder(folder)
    for model in files.models {
      if files.models.count == 1 && isAlone && files.orphan == nil {
        found.append(FoundModel(folder.path, .folder))
      } else {
        found.append(FoundModel(PyTorchFolder.path(of: model), .file))
      }
    }
    if let orphan = files.orphan {
      let path = files.models.isEmpty && isAlone ? folder.path : folder.path(of: ModelFileName(orphan).indexName)
      found.append(FoundModel(path, .broken, error: ModelSource.orphan(orphan, in: folder)))
    }
  }

  /// Whether `folder` holds safetensors files too.
  private func hasModel(_ folder: Folder) -> Bool {
    folder.names.contains { ModelFileName($0).isTensorFile && !ModelFileName($0).isGGUF }
  }

  /// Adds an entry for each format other than safetensors that a file name in `folder` shows.
  private mutating func addOtherFormats(of folder: Folder, _ names: [ModelFileName]) {
    var formats: [String: String] = [:]
    for name in names where !name.name.hasPrefix(".") {
      guard let format = name.foreignFormat, formats[format] == nil, PathKind(folder.path(of: name.name)) == .file else {
        continue
      }
      let path = folder.path(of: name.name)
      if TensorFormat.isGGUF(path) || name.isPickle && TensorFormat.isPyTorch(path) { continue }
      formats[format] = path
    }
    for (format, file) in formats.sorted(by: { $0.key < $1.key }) {
      found.append(FoundModel(folder.path, .otherFormat, error: CheckpointError.foreign(file, format), format: format))
    }
  }

  /// Adds the models whose files are in `folder`. Returns whether the folder as a whole is a model.
  private mutating func addModels(of folder: Folder, _ names: [ModelFileName]) -> Bool {
    let files = names.filter { $0.isTensorFile && PathKind(folder.path(of: $0.name)) != .other }
    let indices = names.filter(\.isIndex)
    if folder.contains("model.safetensors") || folder.contains("model.safetensors.index.json") {
      found.append(FoundModel(folder.path, .folder))
      return true
    }
    if ModelFileName.areAdapter(names) {
      found.append(FoundModel(folder.path, .adapter))
      return true
    }
    let singles = files.filter { !$0.isShard && !$0.isNoModel }
    let shards = files.filter { $0.isShard && !$0.isNoModel }
    if singles.isEmpty, indices.count == 1 {
      found.append(FoundModel(folder.path, .folder))
      return true
    }
    for index in indices { found.append(FoundModel(folder.path(of: index.name), .file)) }
    for single in singles { found.append(FoundModel(folder.path(of: single.name), .file)) }
    let indexNames = Set(indices.map { TensorName($0.name) })
    let orphans = Set(shards.map { TensorName($0.indexName) }).subtracting(indexNames).sorted()
    for orphan in orphans {
      let path = orphans.count == 1 && singles.isEmpty && indices.isEmpty ? folder.path : folder.path(of: orphan.string)
      found.append(
        FoundModel(
          path, .broken,
          error: CheckpointError(
            .invalid, file: folder.path, problem: "holds shards but no \(orphan.description)",
            remedy: "download the index, or give the path of one shard to read it alone")))
    }
    if singles.isEmpty, indices.isEmpty, shards.isEmpty, files.contains(where: { $0.name == "consolidated.safetensors" }) {
      found.append(FoundModel(folder.path, .folder))
      return true
    }
    return false
  }
}
