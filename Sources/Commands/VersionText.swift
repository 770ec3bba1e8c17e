import ProgramIdentity

/// The text of `--version`: name and version in the first line, alone, for scripts; then what a bug report needs.
enum VersionText {
  /// Opens OpenBLAS: 3 to 10 ms.
  static var lines: String {
    let numerics = NumericsIdentity.current
    return """
      \(Release.name)
      commit: \(Release.commit ?? "unknown")
      kernels: \(numerics.kernels)
      linear algebra: \(numerics.openBLAS ?? "OpenBLAS is not installed")
      """
  }
}
