/// The ending of an output's name, by which the format is chosen where no `--format` was given.
enum FileEnding {
  /// "json" of "results/pairs.JSON"; nil for a name without an ending, for `-` and for no output.
  static func of(_ path: String?) -> String? {
    guard let name = path?.split(separator: "/").last, let dot = name.lastIndex(of: "."), dot != name.startIndex,
      name.index(after: dot) != name.endIndex
    else { return nil }
    return name[name.index(after: dot)...].lowercased()
  }

  /// Endings that are not the name of their format.
  private static let others = ["txt": "text", "md": "markdown", "htm": "html", "gv": "dot", "mmd": "mermaid"]

  /// The format of this kind that an output's name ends in; nil where it ends in none.
  static func format<Format: RawRepresentable<String>>(of path: String?, as kind: Format.Type) -> Format? {
    of(path).flatMap { Format(rawValue: others[$0] ?? $0) }
  }
}
