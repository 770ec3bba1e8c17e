/// The ending of an output's name. It determines the format if no `--format` was given.
enum FileEnding {
  /// "json" for "results/pairs.JSON"; nil for a name without an ending, for `-` and for no output.
  static func of(_ path: String?) -> String? {
    guard let name = path?.split(separator: "/").last, let dot = name.lastIndex(of: "."), dot != name.startIndex,
      name.index(after: dot) != name.endIndex
    else { return nil }
    return name[name.index(after: dot)...].lowercased()
  }

  /// Endings that differ from the name of their format.
  private static let others = ["txt": "text", "md": "markdown", "htm": "html", "gv": "dot", "mmd": "mermaid"]

  /// Endings of two parts: CycloneDX documents are usually called `NAME.cdx.json`.
  private static let doubled = [".cdx.json": "cyclonedx", ".sarif.json": "sarif"]

  /// The format of this kind for the ending of an output's name; nil if the ending matches none.
  static func format<Format: RawRepresentable<String>>(of path: String?, as kind: Format.Type) -> Format? {
    if let path = path?.lowercased(), let name = doubled.first(where: { path.hasSuffix($0.key) })?.value,
      let format = Format(rawValue: name)
    {
      return format
    }
    return of(path).flatMap { Format(rawValue: others[$0] ?? $0) }
  }
}
