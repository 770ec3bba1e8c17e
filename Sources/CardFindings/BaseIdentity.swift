/// How the model on disk was recognised as the declared base.
package enum BaseIdentity: String, Sendable, Hashable {
  /// The user said so.
  case given
  /// The declared name is its path, as seen from the model's folder or from the working directory.
  case path
  /// It has the declared name in a cache of the hub.
  case repository
  /// Its folder has the last part of the declared name. Any folder may have it.
  case folderName

  /// Whether a finding about the model on disk is one about the declared base.
  var isCertain: Bool { self != .folderName }
}
