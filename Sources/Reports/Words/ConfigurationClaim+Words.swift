import ModelAnatomy

extension ConfigurationClaim {
  /// What the configuration states, and what the tensors show.
  var words: String { "the configuration states \(name) \(claimed), the tensors show \(found)" }
}
