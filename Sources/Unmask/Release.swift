/// The version of unmask.
package enum Release {
  /// The name and version that `unmask --version` prints; a journal reuses results of the same version only.
  package static let name = "unmask 0.1.0"
}
