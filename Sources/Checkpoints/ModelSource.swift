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
  /// A file to open.
  enum Weights {
    case file(String)
    case index(String)
    /// The parts of a split file, in order.
    case parts([String])
  }

  let path: String
  private(set) var name: String
  private(set) var weights: Weights = .file("")
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
    let surplus = folder.names.filter { name in
      ModelFileName(name).isShard && !name.hasPrefix("consolidated")
        && !shards.contains { $0.utf8.elementsEqual(name.utf8) }
    }
    guard let first = surplus.first else { return [] }
    return [.unlistedShards(surplus.count, first: first.printable(limit: 200))]
  }

  private mutating func take(file: String) throws(CheckpointError) {
    let kind = ModelFileName(file.fileName)
    if let format = kind.foreignFormat { throw Self.foreign(file, format) }
    if kind.isShard {
      let index = "\(file.parentFolder)/\(kind.indexName)"
      if PathKind(index) == .file {
        warnings.append(.singleShard(file: file.fileName.printable, index: kind.indexName.printable))
      }
    }
    weights = .file(file)
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
    } else if hasIndex {
      weights = .index(folder.path(of: "model.safetensors.index.json"))
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
      let several = indices + singles
      let listed = several.prefix(4).map { $0.name.printable(limit: 100) }.joined(separator: ", ")
      throw CheckpointError(
        .invalid, file: folder.path, problem: "holds \(several.count) models (\(listed)\(several.count > 4 ? ", …" : ""))",
        remedy: "give the path of one of these files")
    } else if let shard = files.first(where: \.isShard) {
      throw CheckpointError(
        .invalid, file: folder.path,
        problem: "holds shards (\(shard.name.printable(limit: 100))) but no \(shard.indexName.printable(limit: 100))",
        remedy: "download the index, or give the path of one shard to read it alone")
    } else if let consolidated = names.first(where: { $0.isTensorFile && $0.name == "consolidated.safetensors" }) {
      weights = .file(folder.path(of: consolidated.name))
    } else if mayBeCache, let only = try HubCache.onlyRepository(in: folder) {
      name = only.name
      try search(try only.snapshot(), mayBeCache: false)
    } else if let other = names.first(where: { $0.foreignFormat != nil }), let format = other.foreignFormat {
      throw Self.foreign(folder.path(of: other.name), format)
    } else {
      throw CheckpointError(
        .invalid, file: folder.path, problem: "this folder contains no safetensors or GGUF file",
        remedy: "give a folder with model.safetensors or an index, or the path of a file; unmask scan FOLDER finds models in "
          + "subfolders")
    }
  }

  private static func adapter(_ path: String) -> CheckpointError {
    CheckpointError(
      .adapter, file: path, problem: "this is a PEFT adapter, which is a change to a model and not a model by itself",
      remedy: "merge the adapter into its base, and give the merged model")
  }

  static func foreign(_ path: String, _ format: String) -> CheckpointError {
    CheckpointError(
      .invalid, file: path, problem: "the weights are stored as \(format), a format that is not supported",
      remedy: "convert them to safetensors (load the model with transformers and call save_pretrained), or download the "
        + "safetensors files")
  }
}
