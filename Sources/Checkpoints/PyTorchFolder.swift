internal import MemoryMapping
internal import TensorFiles

/// The models that a folder holds as files of `torch.save`. Their first bytes decide: other programs give their files these endings too.
///
/// ```swift
/// PyTorchFolder(try Folder("models/aurora")).models  // [.file("…/pytorch_model.bin")]
/// ```
struct PyTorchFolder {
  /// The models, in the order of their names; `pytorch_model.bin` or its index stands for all of the folder.
  let models: [ModelWeights]
  /// A shard whose index is missing.
  let orphan: String?

  /// The file or index that names the folder's model.
  private static let usual = ["pytorch_model.bin", "pytorch_model.bin.index.json"]

  /// Reads four bytes of each file that may be one. O(entries).
  init(_ folder: Folder) {
    let names = folder.names.map { ModelFileName($0) }
    func isPresent(_ name: ModelFileName) -> Bool {
      let path = folder.path(of: name.name)
      return PathKind(path) == .file && (name.isPickleIndex || TensorFormat.isPyTorch(path))
    }
    if let name = names.first(where: { Self.usual.contains($0.name) && isPresent($0) }) {
      models = [name.isPickleIndex ? .index(folder.path(of: name.name)) : .file(folder.path(of: name.name))]
      orphan = nil
      return
    }
    let indices = names.filter { $0.isPickleIndex }
    let files = names.filter { $0.isPickle && !$0.isNoModel && isPresent($0) }
    let shards = files.filter(\.isShard)
    orphan = shards.first { shard in !indices.contains { $0.name == shard.indexName } }?.name
    var found = indices.map { ModelWeights.index(folder.path(of: $0.name)) }
    found += files.filter { !$0.isShard }.map { .file(folder.path(of: $0.name)) }
    if found.isEmpty, shards.isEmpty, let ranks = Self.ranks(folder.path, names.filter(isPresent)) { found = [ranks] }
    models = found
  }

  /// The parts that Meta's releases are cut into, `consolidated.00.pth` and so on, which must all be there.
  static func ranks(_ folder: String, _ names: [ModelFileName]) -> ModelWeights? {
    let parts = names.filter { $0.rank != nil }.sorted { ($0.rank ?? 0) < ($1.rank ?? 0) }
    guard !parts.isEmpty, parts.enumerated().allSatisfy({ $0.offset == $0.element.rank }) else { return nil }
    let paths = parts.map { "\(folder)/\($0.name)" }
    return paths.count == 1 ? .file(paths[0]) : .ranks(paths)
  }

  /// The path that stands for a model in a folder that holds nothing else.
  static func path(of model: ModelWeights) -> String {
    switch model {
    case .file(let path), .index(let path): path
    case .parts(let paths), .ranks(let paths): paths[0]
    }
  }
}
