/// The model that an adapter was made for.
package struct AdapterBase: Sendable, Equatable {
  /// The name in the adapter's config: a path, or a name on the Hub; nil when the config has no name.
  package var named: String?
  /// The path of the model that is used as the base; nil when none was found.
  package var path: String?

  /// A base by the name in the config and by the path that was opened.
  package init(named: String?, path: String?) {
    self.named = named
    self.path = path
  }

  /// True when the path is the one in the config, as seen from the adapter's folder or from the working directory.
  package var isAsNamed: Bool {
    guard let named, let path, !named.isEmpty else { return false }
    return path == named || path.hasSuffix("/" + named)
  }
}
