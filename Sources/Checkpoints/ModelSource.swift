internal import MemoryMapping
internal import ReadingFacts
internal import TensorFiles

/// The result of resolving a model argument: the one file or index to open, chosen but not yet read.
///
/// ```swift
/// let source = try ModelSource("~/.cache/huggingface/hub/models--org--name")
/// source.name     // "org/name"
/// source.weights  // .index(".../snapshots/4f2c…/model.safetensors.index.json")
/// ```
struct ModelSource {
  let path: String
  private(set) var name: String
  private(set) var weights: ModelWeights = .file("")
  private(set) var warnings: [CheckpointFact] = []
  /// The folder that was searched, nil when the argument was the file itself.
  private var folder: Folder?

  init(_ path: String) throws(CheckpointError) {
    self.path = path
    name = path.fileName
    switch PathKind(path) {
    case .folder: try search(Folder(path), mayBeCache: true)
    case .file where path.hasSuffix(".json"): weights = .index(path)
    case .file: try take(file: path)
    // Opening the file reports the error.
    case .missing, .unknown, .other: weights = .file(path)
    }
  }

  /// Runs `body`. If the argument was an existing folder, the error for a missing file becomes the error for an invalid model.
  func inside<Result>(_ body: () throws(CheckpointError) -> Result) throws(CheckpointError) -> Result {
    do { return try body() } catch {
      guard error.kind == .noSuchFile, folder != nil else { throw error }
      throw CheckpointError(.invalid, file: error.file, problem: error.problem, remedy: error.remedy)
    }
  }

  /// The warning about shards in the folder that the index does not name.
  func unlistedShards(_ shards: [String]) -> [CheckpointFact] {
    guard let folder else { return [] }
    let ending = shards.first?.hasSuffix(".bin") == true ? ".bin" : ".safetensors"
    let surplus = folder.names.filter { name in
      ModelFileName(name).isShard && name.hasSuffix(ending) && !name.hasPrefix("consolidated")
        && !shards.contains { $0.utf8.elementsEqual(name.utf8) }
    }
    guard let first = surplus.first else { return [] }
    return [.unlistedShards(surplus.count, first: first.printable(limit: 200))]
  }

  private mutating func take(file: String) throws(CheckpointError) {
    let kind = ModelFileName(file.fileName)
    if kind.isShard {
      let index = "\(file.parentFolder)/\(kind.indexName)"
      if PathKind(index) == .file {
        warnings.append(.singleShard(file: file.fileName.printable, index: kind.indexName.printable))
      }
    }
    weights = .file(file)
    if kind.rank != nil, let parts = try? Folder(file.parentFolder),
      let ranks = PyTorchFolder.ranks(parts.path, parts.names.map { ModelFileName($0) })
    {
      weights = ranks
    }
    if let split = kind.split, split.count > 1 {
      weights = .parts((1...split.count).map { "\(file.parentFolder)/\(kind.part($0))" })
    }
  }

  private mutating func search(_ folder: Folder, mayBeCache: Bool) throws(CheckpointError) {
    self.folder = folder
    if let repository = HubCache.repositoryName(ofSnapshot: folder.path) { name = repository }
    if mayBeCache, let cache = HubCache(folder) {
      name = cache.name
      return try search(try cache.snapshot(), mayBeCache: false)
    }
    let names = folder.names.map { ModelFileName($0) }
    let hasIndex = folder.contains("model.safetensors.index.json")
    if folder.contains("model.safetensors") {
      if hasIndex { warnings.append(.fileAndIndex) }
      weights = .file(folder.path(of: "model.safetensors"))
      warnAboutPickle(in: folder)
    } else if hasIndex {
      weights = .index(folder.path(of: "model.safetensors.index.json"))
      warnAboutPickle(in: folder)
    } else if ModelFileName.areAdapter(names) {
      throw Self.adapter(folder.path)
    } else {
      try searchOtherNames(folder, names, mayBeCache)
    }
  }

  private mutating func searchOtherNames(
    _ folder: Folder, _ names: [ModelFileName], _ mayBeCache: Bool
  ) throws(CheckpointError) {
    let indices = names.filter(\.isIndex)
    let files = names.filter { $0.isTensorFile && !$0.isNoModel }
    // The first part of a split file stands for all of them.
    let singles = files.filter { !$0.isShard && ($0.split?.number ?? 1 == 1 || !folder.contains($0.part(1))) }
    if let fp16 = singles.first(where: { $0.name == "model.fp16.safetensors" }) {
      weights = .file(folder.path(of: fp16.name))
    } else if indices.count == 1, singles.isEmpty {
      weights = .index(folder.path(of: indices[0].name))
    } else if singles.count == 1, indices.isEmpty, !files.contains(where: \.isShard) {
      try take(file: folder.path(of: singles[0].name))
    } else if indices.count + singles.count > 1 {
      throw Self.several((indices + singles).map(\.name), in: folder)
    } else if let shard = files.first(where: \.isShard) {
      throw Self.orphan(shard.name, in: folder)
    } else if let consolidated = names.first(where: { $0.isTensorFile && $0.name == "consolidated.safetensors" }) {
      weights = .file(folder.path(of: consolidated.name))
    } else if try searchPyTorch(folder) {
      return
    } else if mayBeCache, let only = try HubCache.onlyRepository(in: folder) {
      name = only.name
      try search(try only.snapshot(), mayBeCache: false)
    } else if let other = names.first(where: { $0.foreignFormat != nil }) {
      // Opening the file reports what it is.
      weights = .file(folder.path(of: other.name))
    } else {
      throw CheckpointError(
        .invalid, file: folder.path, problem: "this folder contains no safetensors, GGUF or PyTorch file",
        remedy: "give a folder with model.safetensors or an index, or the path of a file; unmask scan FOLDER finds models in "
          + "subfolders")
    }
  }

  /// Takes the only model that the folder holds as files of PyTorch. Returns false when it holds none.
  private mutating func searchPyTorch(_ folder: Folder) throws(CheckpointError) -> Bool {
    let found = PyTorchFolder(folder)
    if let only = found.models.first, found.models.count == 1 {
      weights = only
      return true
    }
    if found.models.isEmpty, let orphan = found.orphan { throw Self.orphan(orphan, in: folder) }
    guard !found.models.isEmpty else { return false }
    throw Self.several(found.models.map { PyTorchFolder.path(of: $0).lastPathPart }, in: folder)
  }

  /// The warning about a second copy of the weights.
  private mutating func warnAboutPickle(in folder: Folder) {
    let other = ["pytorch_model.bin", "pytorch_model.bin.index.json"].first { folder.contains($0) }
    if let other { warnings.append(.pickleBeside(file: other)) }
  }

  private static func several(_ names: [String], in folder: Folder) -> CheckpointError {
    let listed = names.prefix(4).map { $0.printable(limit: 100) }.joined(separator: ", ")
    return CheckpointError(
      .invalid, file: folder.path, problem: "holds \(names.count) models (\(listed)\(names.count > 4 ? ", …" : ""))",
      remedy: "give the path of one of these files")
  }

  static func orphan(_ shard: String, in folder: Folder) -> CheckpointError {
    CheckpointError(
      .invalid, file: folder.path,
      problem: "holds shards (\(shard.printable(limit: 100))) but no "
        + ModelFileName(shard).indexName.printable(limit: 100),
      remedy: "download the index, or give the path of one shard to read it alone")
  }

  private static func adapter(_ path: String) -> CheckpointError {
    CheckpointError(
      .adapter, file: path, problem: "this is a PEFT adapter, which is a change to a model and not a model by itself",
      remedy: "merge the adapter into its base, and give the merged model")
  }
}
