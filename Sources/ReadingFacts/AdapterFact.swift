/// A limit of the model that an adapter and its base give.
///
/// Names in a fact are printable: on one line and of limited length. `first` is the first of several names.
package enum AdapterFact: Sendable, Hashable {
  /// A member of `adapter_config.json` that holds numbers by patterns of names.
  package enum PatternList: String, Sendable, Hashable {
    case alphas = "alpha_pattern"
    case ranks = "rank_pattern"
  }

  /// The adapter was initialised in this way, which removes its first factors from the base.
  case changesBase(initialisation: String)
  /// There is no readable `adapter_config.json`; the scale 1 was used.
  case noConfiguration
  /// `adapter_config.json` has no `lora_alpha`; PEFT's default of 8 was used.
  case noAlpha
  /// `lora_alpha` is not a finite number; the scale 1 was used.
  case alphaNotFinite
  /// The value of a pattern is not a finite number and was left out.
  case valueNotFinite(PatternList, pattern: String)
  /// A pattern is not supported and was left out.
  case patternNotSupported(PatternList, pattern: String)
  /// The parameter is a stack of square matrices of unknown orientation; they are taken as `[out, in]`.
  case squareExperts(String)
  /// Changes that match no parameter of the base were left out.
  case unmatchedChanges(Int, first: String)
  /// Tensors of the adapter with unknown names were left out.
  case unknownTensors(Int, first: String)
  /// The base is unchanged, because the adapter cannot be applied.
  case refused(AdapterRefusal)
}
