/// A form that is made from a simpler model, and hardly ever the other way round.
package enum ModelForm: Sendable {
  /// Weights rounded to codes.
  case quantised
  /// Experts in place of an MLP.
  case experts
  /// An adapter on a base.
  case adapter
}
