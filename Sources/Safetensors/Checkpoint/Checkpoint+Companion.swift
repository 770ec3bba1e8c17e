extension Checkpoint {
  /// The JSON file of this name beside the weights (`config.json`), or nil when there is none that can be read.
  ///
  /// What it says is a hint and no more: it may be missing, or another model's. Reads the file; O(its bytes).
  public func companion(_ name: String) -> JSONValue? {
    guard let file = shards.first else { return nil }
    return try? JSONValue.read(path: "\(parentFolder(file.path))/\(name)")
  }
}
