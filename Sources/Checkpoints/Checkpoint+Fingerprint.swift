internal import JSON
package import TensorFiles

extension Checkpoint {
  /// SHA-256, as 64 hexadecimal digits, of a sample of the model, by which a later run knows whether the model is the same: of
  /// each file its length, version, description of tensors and 64 samples of 4 KB, evenly spread, and of the configuration beside
  /// the weights.
  ///
  /// Neither paths nor names are in it. A file that was written again with the same length, date and samples is not noticed.
  /// Reads a quarter of a MB a file.
  package func fingerprint() throws(CheckpointError) -> String {
    var hash = try SHA256()
    for shard in shards {
      let (bytes, size) = (shard.bytes, shard.size)
      hash.update(Array("\(size) \(bytes.version) \(shard.descriptionEnd) ".utf8))
      var ranges = [0..<min(shard.descriptionEnd, size)]
      for sample in 0..<64 where size > 0 {
        let start = size / 64 * sample
        ranges.append(start..<min(start + 4096, size))
      }
      try bytes.ensure(ranges)
      for range in ranges { bytes.withBytes(in: range) { hash.update($0) } }
    }
    for document in ModelConfiguration.Document.allCases {
      hash.update(Array((configuration[document].map { "\(document.rawValue) \($0) " } ?? "").utf8))
    }
    return SHA256.hexadecimal(hash.finish())
  }
}
