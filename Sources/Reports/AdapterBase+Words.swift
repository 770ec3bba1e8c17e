import ModelAnatomy
import TextFormats

extension AdapterBase {
  /// Names the base model in text output: "../aurora (from its config)".
  var words: String {
    guard let path else {
      return (named.map { "\($0), which is not here" } ?? "its config names none") + " (give it with --base MODEL)"
    }
    if isAsNamed { return "\(named ?? path) (from its config)" }
    return "\(path) (its config names \(named ?? "none"))"
  }

  var json: JSONText { .object(["path": .optional(path), "named": .optional(named)]) }
}
