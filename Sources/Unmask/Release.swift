/// Which unmask this is.
package enum Release {
  /// The name and version that `unmask --version` prints; results that a journal keeps are those of one version.
  package static let name = "unmask 0.1.0"
}
