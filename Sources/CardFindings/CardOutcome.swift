/// What the weights say of what a model card declares.
package enum CardOutcome: String, Sendable, CaseIterable {
  /// The weights have a common origin with every base that the card names.
  case confirmed
  /// The card names bases, and the weights exclude that the model was made from them.
  case contradicted
  /// The card names no base, or another one than the foundation.
  case undeclared
  /// The card cannot be read, a base is not at hand, or the weights decide nothing.
  case unverifiable
}
