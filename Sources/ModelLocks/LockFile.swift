/// A file that holds what was approved: a list of models, each with its hashes, its sketch and its verdicts.
///
/// ```swift
/// let file = LockFile([model])
/// try LockFile(text: file.text, path: "models.lock").models[0].name   // the same
/// ```
///
/// The format is JSON in a stable order, one member a line: people read it, `git diff` shows which hash changed, every tool of a pipeline
/// parses it, and the package reads it with the scanner that reads the headers of untrusted models. A format for people alone (TOML, YAML)
/// would need a parser of its own, and YAML has more ways to be read wrongly than a gate should have. The sketches, which nobody reads,
/// stand at the end. The schema is `lock.schema.json`.
package struct LockFile: Sendable {
  /// The name of the format, and its version.
  static let format = "unmask.lock"
  static let version = 1

  /// The models, in the order in which they were given.
  package let models: [LockedModel]

  package init(_ models: [LockedModel]) { self.models = models }
}

extension LockFile {
  /// The place of a model that is in a list twice; nil if there is none.
  package static func repeated(_ models: [LockedModel]) -> String? {
    var seen: Set<[UInt8]> = []
    return models.first { !seen.insert(Array($0.place.utf8)).inserted }?.place
  }
}
