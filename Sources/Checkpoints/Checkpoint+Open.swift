internal import MemoryMapping
internal import ReadingFacts
package import TensorFiles

extension Checkpoint {
  /// Opens a model: a safetensors, GGUF or PyTorch file, an index file, a folder with one of these, or a Hugging Face cache folder
  /// (`models--org--name`, or a cache with one model).
  ///
  /// In a folder it chooses the same file as transformers: `model.safetensors`, else `model.safetensors.index.json`; then a
  /// variant (`model.fp16.safetensors`), another index, or the only safetensors file; and without any, the files of PyTorch. It reads every header and checks every
  /// rule of the format and of the index. It does not read the weights: O(header bytes). Throws `.noSuchFile` when nothing
  /// exists at `path`, `.invalid` when it exists but is not a readable model (also for a missing shard), `.adapter` for an
  /// adapter, `.io` when reading fails.
  package static func open(_ path: String) throws(CheckpointError) -> Checkpoint {
    let source = try ModelSource(path)
    switch source.weights {
    case .file(let file): return try openFile(file, source)
    case .index(let file): return try openIndex(file, source)
    case .parts(let files): return try openParts(files, source)
    case .ranks(let files): return try openRanks(files, source)
    }
  }

  private static func openFile(_ file: String, _ source: ModelSource) throws(CheckpointError) -> Checkpoint {
    let shard = try source.inside { () throws(CheckpointError) in try TensorFormat.open(FileBytes(path: file)) }
    return Checkpoint(source: source, shards: [shard], tensors: shard.tensors, warnings: [])
  }

  /// Opens a split file, whose parts must all be there.
  private static func openParts(_ files: [String], _ source: ModelSource) throws(CheckpointError) -> Checkpoint {
    var parts: [any TensorFile] = []
    for file in files {
      let part: any TensorFile
      do { part = try TensorFormat.open(FileBytes(path: file)) } catch {
        guard error.kind == .noSuchFile else { throw error }
        throw CheckpointError(
          .invalid, file: error.file, problem: "this part of a split file is missing", remedy: "download all \(files.count) parts"
        )
      }
      if let count = part.metadata.first(where: { $0.key == "split.count" })?.value, Int(count) != files.count {
        throw CheckpointError(
          .invalid, file: file,
          problem: "says that it is one of \(count.printable(limit: 20)) parts, and its name says \(files.count)",
          remedy: "download the parts of one model")
      }
      parts.append(part)
    }
    let whole = try Checkpoint(files: parts, name: source.name)
    return Checkpoint(source: source, shards: parts, tensors: whole.tensors, warnings: [])
  }

  /// Opens the parts of a model that is cut for several processors. Their tensors have the same names, which get the part's number in
  /// front.
  private static func openRanks(_ files: [String], _ source: ModelSource) throws(CheckpointError) -> Checkpoint {
    var shards: [any TensorFile] = []
    for file in files { shards.append(try TensorFormat.open(FileBytes(path: file))) }
    let tensors = shards.enumerated().flatMap { number, shard in
      shard.tensors.map { $0.called(TensorName("rank_\(number).\($0.name.string)")).inFile(number) }
    }
    return Checkpoint(source: source, shards: shards, tensors: tensors, warnings: [])
  }

  private static func openIndex(_ file: String, _ source: ModelSource) throws(CheckpointError) -> Checkpoint {
    let index = try source.inside { () throws(CheckpointError) in try ShardIndex(path: file) }
    var warnings = index.warnings
    let folder = file.parentFolder
    var shards: [any TensorFile] = []
    for name in index.shards {
      do { shards.append(try TensorFormat.open(FileBytes(path: "\(folder)/\(name)"))) } catch {
        guard error.kind == .noSuchFile else { throw error }
        throw CheckpointError(
          .invalid, file: error.file, problem: "the index names this shard, but: \(error.problem)",
          remedy: "download the missing shard")
      }
    }
    var tensors: [Tensor] = []
    tensors.reserveCapacity(index.shardOfTensor.count)
    var unlisted: [(tensor: TensorName, shard: any TensorFile)] = []
    var elsewhere: [TensorName: Int] = [:]
    for (number, shard) in shards.enumerated() {
      for tensor in shard.tensors {
        switch index.shardOfTensor[tensor.name] {
        case number?: tensors.append(tensor.inFile(number))
        case nil: unlisted.append((tensor.name, shard))
        case .some: elsewhere[tensor.name] = number
        }
      }
    }
    if tensors.count != index.shardOfTensor.count {
      let present = Set(tensors.map(\.name))
      let absent = index.shardOfTensor.keys.filter { !present.contains($0) }.min()
      guard let absent, let wanted = index.shardOfTensor[absent] else { throw index.failure("does not match the shards") }
      let shard = index.shards[wanted].printable(limit: 200)
      throw index.failure(
        elsewhere[absent].map { "is in \(index.shards[$0].printable(limit: 200)); the index says \(shard)" }
          ?? "is not in \(shard), which the index names for it", absent)
    }
    if let first = unlisted.first {
      warnings.append(
        .unlistedTensors(unlisted.count, first: first.tensor.description, shard: first.shard.path.fileName.printable))
    }
    if let first = elsewhere.keys.min() {
      warnings.append(.repeatedInShards(tensors: elsewhere.count, first: first.description))
    }
    warnings += source.unlistedShards(index.shards)
    return Checkpoint(source: source, shards: shards, tensors: tensors, warnings: warnings)
  }

  private init(source: ModelSource, shards: [any TensorFile], tensors: [Tensor], warnings: [CheckpointFact]) {
    self.init(
      path: source.path, name: source.name, shards: shards, tensors: tensors, warnings: source.warnings + warnings,
      configuration: ModelConfiguration(beside: shards))
  }
}
