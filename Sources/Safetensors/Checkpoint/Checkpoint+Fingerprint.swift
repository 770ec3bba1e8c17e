internal import MemoryMapping

extension Checkpoint {
  /// SHA-256, as 64 hexadecimal digits, of what tells without reading all whether these are the bytes that were there before: of each file
  /// its length, last change, header and 64 samples of 4 KB, evenly spread, and of the small files beside it that say how to read it.
  ///
  /// Neither paths nor names are in it. What was written again with the same length, date and samples is not noticed. Reads a quarter of
  /// a MB a file.
  public func fingerprint() throws(CheckpointError) -> String {
    var hash = try SHA256()
    for shard in shards {
      let (mapping, size) = (shard.mapping, shard.size)
      hash.update(Array("\(size) \(mapping.modificationTime) \(shard.header.dataStart) ".utf8))
      var ranges = [0..<min(shard.header.dataStart, size)]
      for sample in 0..<64 where size > 0 {
        let start = size / 64 * sample
        ranges.append(start..<min(start + 4096, size))
      }
      for range in ranges {
        mapping.withBytes(in: range) { hash.update($0) }
      }
    }
    for name in ["config.json", "params.json", "adapter_config.json", "quantize_config.json"] {
      hash.update(Array((companion(name).map { "\(name) \($0) " } ?? "").utf8))
    }
    return SHA256.hexadecimal(hash.finish())
  }
}
