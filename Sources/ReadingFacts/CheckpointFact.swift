/// An unusual property of a checkpoint's files that does not prevent reading them.
///
/// Names in a fact are printable: on one line and of limited length. `first` is the first of several names.
package enum CheckpointFact: Sendable, Hashable {
  /// A property of one file.
  case file(String, FileFact)
  /// The index file starts with a byte order mark, which JSON does not allow.
  case byteOrderMark(file: String)
  /// The index has several entries for some tensors; the last entry was used.
  case repeatedInIndex(tensors: Int, first: String)
  /// The index writes the path of a shard in an unusual way.
  case unusualShardPath(first: String)
  /// The file is one shard of a model whose index is beside it.
  case singleShard(file: String, index: String)
  /// The folder holds `model.safetensors` and an index; the file was used.
  case fileAndIndex
  /// The folder also holds this file or index of PyTorch; the safetensors files were used.
  case pickleBeside(file: String)
  /// Tensors of the shards that the index does not list were left out.
  case unlistedTensors(Int, first: String, shard: String)
  /// Tensors are stored in several shards; the shard that the index names was used.
  case repeatedInShards(tensors: Int, first: String)
  /// Shards in the folder that the index does not name were left out.
  case unlistedShards(Int, first: String)
}
