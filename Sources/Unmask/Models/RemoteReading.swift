/// How models are read that are given by an address: `org/name`, `hf://org/name@revision/file`, `https://host/model.safetensors`.
public struct RemoteReading: Sendable {
  /// A folder that keeps what is fetched, by content; nil to keep nothing.
  public var cacheFolder: String?
  /// The most bytes that `cacheFolder` keeps; nil for no limit.
  public var cacheSize: Int?
  /// The most bytes that this process fetches; nil for no limit. More is an error of the kind ``UnmaskError/Kind/reading``.
  public var budget: Int?

  /// Keeps nothing, without limits.
  public init(cacheFolder: String? = nil, cacheSize: Int? = nil, budget: Int? = nil) {
    (self.cacheFolder, self.cacheSize, self.budget) = (cacheFolder, cacheSize, budget)
  }
}
