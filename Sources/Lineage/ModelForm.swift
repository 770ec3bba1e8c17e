/// A form of a model that is made of a plainer one, hardly ever the other way round.
package enum ModelForm: Sendable {
  /// Weights rounded to codes.
  case quantised
  /// Experts in place of an MLP.
  case experts
  /// An adapter on a base.
  case adapter
}
