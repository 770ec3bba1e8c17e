internal import JSON
package import TensorFiles

extension Checkpoint {
  /// SHA-256, as 64 hexadecimal digits, of a sample of the model. A later run uses it to check whether the model is the same. It
  /// covers the length, version, tensor description and 64 evenly spread samples of 4 KB of each file, and the configuration
  /// next to the weights.
  ///
  /// It contains neither paths nor names. It does not detect a file that was rewritten with the same length, date and samples.
  /// Reads a quarter of a MB per file.
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
      hash.update(Array((configuration[document].map { "\(document.rawValue) \($0.text) " } ?? "").utf8))
    }
    return SHA256.hexadecimal(hash.finish())
  }
}
