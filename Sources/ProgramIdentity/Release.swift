import CProgramFacts

/// The version of unmask.
package enum Release {
  /// The name and version that `unmask --version` prints; a journal reuses results of the same version only.
  package static let name = "unmask 0.1.0"

  /// The commit of the sources, as scripts/build found it: `c068868f1a2b`, with `+changes` behind it if files differed from the commit.
  /// Nil for a build without that script, or from sources outside a repository.
  package static let commit: String? = {
    // A constant text of the program.
    let text = unsafe String(cString: pf_commit())
    return text.isEmpty ? nil : text
  }()
}
