import ProgramIdentity

/// Name and version of this program, as two texts.
enum ProgramVersion {
  /// `unmask`
  static let name = String(Release.name.prefix { $0 != " " })
  /// `0.1.0`
  static let number = String(Release.name.drop { $0 != " " }.dropFirst())
}
