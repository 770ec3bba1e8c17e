package import ReadingFacts
package import TensorViews

/// The parameters of a base model after an adapter was applied to them.
package struct AdaptedParameters: Sendable {
  /// All parameters of the base in their order, with the changes applied, followed by the parameters that only the adapter has.
  package var parameters: [Parameter]
  /// Names of the parameters that were changed or added, each once.
  package var changed: [String]
  /// The limits of the adapter, such as changes that found no parameter.
  package var warnings: [AdapterFact]
}
