internal import MemoryMapping

extension Checkpoint {
  /// Opens a model: a safetensors file, an index file, a folder with either, or a Hugging Face cache folder
  /// (`models--org--name`, or a cache with one model).
  ///
  /// In a folder it takes what transformers takes: `model.safetensors`, else `model.safetensors.index.json`; then a variant
  /// (`model.fp16.safetensors`), another index, or the only safetensors file. Every header is read and every rule of the
  /// format and of the index checked, the weights are not read: O(header bytes). Throws `.noSuchFile` when nothing has
  /// `path`, `.invalid` when it is there and no readable model (a missing shard too), `.adapter` for an adapter, `.io` when
  /// reading fails.
  public static func open(_ path: String) throws(CheckpointError) -> Checkpoint {
    let source = try ModelSource(path)
    switch source.weights {
    case .file(let file): return try openFile(file, source)
    case .index(let file): return try openIndex(file, source)
    }
  }

  private static func openFile(_ file: String, _ source: ModelSource) throws(CheckpointError) -> Checkpoint {
    let shard = try source.inside { () throws(CheckpointError) in try SafetensorsFile(path: file) }
    return Checkpoint(
      source: source, shards: [shard], tensors: shard.header.tensors.map { Tensor($0, file: 0) }, warnings: [])
  }

  private static func openIndex(_ file: String, _ source: ModelSource) throws(CheckpointError) -> Checkpoint {
    let index = try source.inside { () throws(CheckpointError) in try ShardIndex(path: file) }
    var warnings = index.warnings
    let folder = parentFolder(file)
    var shards: [SafetensorsFile] = []
    for name in index.shards {
      do { shards.append(try SafetensorsFile(path: "\(folder)/\(name)")) } catch {
        guard error.kind == .noSuchFile else { throw error }
        throw CheckpointError(
          .invalid, file: error.file, problem: "the index wants this shard, but: \(error.problem)",
          remedy: "fetch the missing shard")
      }
    }
    var tensors: [Tensor] = []
    tensors.reserveCapacity(index.shardOfTensor.count)
    var unlisted: [String] = []
    var elsewhere: [TensorName: Int] = [:]
    for (number, shard) in shards.enumerated() {
      for tensor in shard.header.tensors {
        switch index.shardOfTensor[tensor.name] {
        case number?: tensors.append(Tensor(tensor, file: number))
        case nil: unlisted.append("\"\(tensor.name)\" in \(lastComponent(shard.path).printable)")
        case .some: elsewhere[tensor.name] = number
        }
      }
    }
    if tensors.count != index.shardOfTensor.count {
      let present = Set(tensors.map(\.name))
      let absent = index.shardOfTensor.keys.filter { !present.contains($0) }.min()
      guard let absent, let wanted = index.shardOfTensor[absent] else { throw index.failure("does not match its shards") }
      let shard = index.shards[wanted].printable(limit: 200)
      throw index.failure(
        elsewhere[absent].map { "is in \(index.shards[$0].printable(limit: 200)), not in \(shard) as the index says" }
          ?? "is not in \(shard), where the index has it", absent)
    }
    if let first = unlisted.first {
      warnings.append("\(unlisted.count) tensors that the index does not list are left out (\(first))")
    }
    if let first = elsewhere.keys.min() {
      warnings.append("\(elsewhere.count) tensors are in several shards (\"\(first)\"): the one that the index names is taken")
    }
    warnings += source.unlistedShards(index.shards)
    return Checkpoint(source: source, shards: shards, tensors: tensors, warnings: warnings)
  }

  private init(source: ModelSource, shards: [SafetensorsFile], tensors: [Tensor], warnings: [String]) {
    path = source.path
    name = source.name
    self.shards = shards
    let inOrder = zip(tensors, tensors.dropFirst()).allSatisfy { $0.name < $1.name }
    self.tensors = inOrder ? tensors : tensors.sorted { $0.name < $1.name }
    metadata = Self.merged(shards)
    self.warnings =
      source.warnings + warnings
      + shards.flatMap { shard in shard.header.warnings.map { "\(lastComponent(shard.path).printable): \($0)" } }
  }
  /// The metadata of all shards; of a key that several have, the first one's value.
  private static func merged(_ shards: [SafetensorsFile]) -> [(key: String, value: String)] {
    guard shards.count != 1 else { return shards[0].header.metadata }
    var pairs: [(key: String, value: String)] = []
    var known: Set<TensorName> = []
    for shard in shards {
      for pair in shard.header.metadata where known.insert(TensorName(pair.key)).inserted { pairs.append(pair) }
    }
    return pairs
  }
}
