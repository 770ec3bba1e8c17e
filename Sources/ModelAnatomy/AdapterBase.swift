/// The model that an adapter was made for.
public struct AdapterBase: Sendable, Equatable {
  /// What the adapter's config calls it: a path, or a name on the Hub; nil when the config has no name.
  public var named: String?
  /// The path of the model that is taken for it; nil where none was found.
  public var path: String?

  /// A base by the name in the config and by the path that was opened.
  public init(named: String?, path: String?) {
    self.named = named
    self.path = path
  }

  /// True when the path is the one in the config, as seen from the adapter's folder or from the working directory.
  public var isAsNamed: Bool {
    guard let named, let path, !named.isEmpty else { return false }
    return path == named || path.hasSuffix("/" + named)
  }
}
