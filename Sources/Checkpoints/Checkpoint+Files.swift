package import JSON
internal import MemoryMapping
internal import ReadingFacts
package import TensorFiles

extension Checkpoint {
  /// A model that consists of these files, in any format and location, with a configuration that was read separately.
  ///
  /// ```swift
  /// let checkpoint = try Checkpoint(files: [try SafetensorsFile(bytes)], name: "org/name", configuration: [.model: config])
  /// ```
  ///
  /// Throws `.invalid` when two of the files have a tensor with the same name. O(tensors · log tensors).
  package init(
    files: [any TensorFile], name: String, configuration: [ModelConfiguration.Document: JSONValue] = [:]
  ) throws(CheckpointError) {
    let tensors = files.enumerated().flatMap { number, file in file.tensors.map { $0.inFile(number) } }
    self.init(
      path: files.first?.path ?? name, name: name, shards: files, tensors: tensors, warnings: [],
      configuration: ModelConfiguration(configuration, of: files))
    if let (first, second) = zip(self.tensors, self.tensors.dropFirst()).first(where: { $0.name == $1.name }) {
      throw CheckpointError(
        .invalid, file: files[second.file].path, tensor: second.name,
        problem: "is in \(files[first.file].path.printable(limit: 200)) too", remedy: "give the files of one model")
    }
  }

  init(
    path: String, name: String, shards: [any TensorFile], tensors: [Tensor], warnings: [CheckpointFact],
    configuration: ModelConfiguration
  ) {
    self.path = path
    self.name = name
    self.shards = shards
    // Sorting numbers moves less than sorting tensors.
    let names = tensors.map(\.name)
    let inOrder = names.indices.dropFirst().allSatisfy { names[$0 - 1] < names[$0] }
    self.tensors = inOrder ? tensors : names.indices.sorted { names[$0] < names[$1] }.map { tensors[$0] }
    metadata = Self.merged(shards)
    self.warnings =
      warnings + shards.flatMap { shard in shard.warnings.map { .file(shard.path.fileName.printable, $0) } }
    self.configuration = configuration
  }

  /// The metadata of all files; for a key in several files, the value of the first file.
  private static func merged(_ shards: [any TensorFile]) -> [(key: String, value: String)] {
    guard shards.count != 1 else { return shards[0].metadata }
    var pairs: [(key: String, value: String)] = []
    var known: Set<TensorName> = []
    for shard in shards {
      for pair in shard.metadata where known.insert(TensorName(pair.key)).inserted { pairs.append(pair) }
    }
    return pairs
  }
}
