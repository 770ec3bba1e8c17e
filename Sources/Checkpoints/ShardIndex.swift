internal import JSON
internal import MemoryMapping
internal import ReadingFacts
internal import TensorFiles

/// An index file. It lists the shard that holds each tensor.
///
/// ```swift
/// let index = try ShardIndex(path: "models/aurora/model.safetensors.index.json")
/// index.shards  // ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
/// ```
///
/// huggingface_hub and transformers reject different index files. This type rejects a shard path that leaves the folder, as
/// huggingface_hub does; it follows symbolic links, as both do.
struct ShardIndex {
  let path: String
  /// Paths of the shards, relative to the folder of the index file, in order of their first mention.
  private(set) var shards: [String] = []
  /// For each tensor, the position in `shards` of the shard that holds it.
  private(set) var shardOfTensor: [TensorName: Int] = [:]
  private(set) var warnings: [CheckpointFact] = []

  /// The maximum size of an index file in bytes.
  static let limit = 256 << 20

  init(path: String) throws(CheckpointError) {
    self.path = path
    let index = try JSONValue.read(path: path, limit: Self.limit)
    let ending = ModelFileName(path.lastPathPart).isPickleIndex ? ".bin" : ".safetensors"
    if Self.hasByteOrderMark(path) {
      warnings.append(.byteOrderMark(file: path.fileName.printable))
    }
    guard case .object(let pairs)? = index["weight_map"] else {
      throw failure("has no member \"weight_map\" that is an object")
    }
    guard !pairs.isEmpty else { throw failure("has an empty \"weight_map\"") }
    var numbers: [TensorName: Int] = [:]
    var repeated: [TensorName] = []
    var respelled: [TensorName] = []
    shardOfTensor.reserveCapacity(pairs.count)
    // For a repeated name, the last entry counts; the others need not name a shard.
    var last: [TensorName: String] = [:]
    var order: [TensorName] = []
    for pair in pairs {
      let name = TensorName(pair.key)
      guard let file = pair.value.string else { throw failure("the value in \"weight_map\" is not a file name", name) }
      if last.updateValue(file, forKey: name) == nil { order.append(name) } else { repeated.append(name) }
    }
    for name in order {
      guard let spelling = last[name] else { continue }
      let file = TensorName(spelling)
      let number: Int
      if let known = numbers[file] {
        number = known
      } else {
        guard let plain = Self.plainPath(spelling, ending: ending) else {
          throw failure(
            "shard path \"\(spelling.printable(limit: 200))\" is empty, leads out of the folder, or does not end in "
              + ending, name)
        }
        if !plain.utf8.elementsEqual(spelling.utf8) { respelled.append(file) }
        number = numbers[TensorName(plain)] ?? shards.count
        if number == shards.count { shards.append(plain) }
        numbers[TensorName(plain)] = number
        numbers[file] = number
      }
      shardOfTensor[name] = number
    }
    if let first = repeated.first {
      warnings.append(.repeatedInIndex(tensors: repeated.count, first: first.description))
    }
    if let first = respelled.first { warnings.append(.unusualShardPath(first: first.description)) }
  }

  /// `path` without `.` components, or nil when it is not allowed. A path is not allowed if it is empty or absolute, if it
  /// contains `..`, an empty component, a backslash, a drive letter or a NUL, or if it does not end in `ending`.
  static func plainPath(_ path: String, ending: String = ".safetensors") -> String? {
    guard path.hasSuffix(ending), !path.utf8.contains(0), !path.utf8.contains(UInt8(ascii: "\\")) else { return nil }
    var plain: [String] = []
    for part in path.pathParts {
      guard !part.utf8.isEmpty, part != ".." else { return nil }
      if part != "." { plain.append(part) }
    }
    guard let first = plain.first, plain.last != ending else { return nil }
    let start = Array(first.utf8.prefix(2))
    if start.count == 2, start[1] == UInt8(ascii: ":"), Unicode.Scalar(start[0]).properties.isAlphabetic { return nil }
    return plain.joined(separator: "/")
  }

  func failure(_ problem: String, _ tensor: TensorName? = nil) -> CheckpointError {
    CheckpointError(
      .invalid, file: path, tensor: tensor, problem: problem,
      remedy: "the index does not belong to this model; download it "
        + "again")
  }

  private static func hasByteOrderMark(_ path: String) -> Bool {
    guard let file = try? FileBytes(path: path) else { return false }
    let start = 0..<min(file.size, 4)
    guard (try? file.ensure([start])) != nil else { return false }
    return file.withBytes(in: start) { JSONValue.startsWithByteOrderMark($0) }
  }
}
