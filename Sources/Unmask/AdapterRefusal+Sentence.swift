package import ReadingFacts

extension AdapterRefusal {
  /// The reason as part of an error or a warning, with what the user can do.
  package var sentence: String {
    switch self {
    case .unsupportedKind(let kind):
      "adapters of kind \(kind) are not supported; merge the adapter into its base (PEFT: merge_and_unload) and compare the result"
    case .repeatedLayers:
      "the adapter belongs to a base with repeated layers (layer_replication); merge it (PEFT: merge_and_unload) and compare "
        + "the result"
    case .noChange: "the adapter contains no change of a supported kind"
    }
  }
}
