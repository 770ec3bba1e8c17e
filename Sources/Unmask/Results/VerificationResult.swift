/// The result of holding a model card against the weights.
public struct VerificationResult: Sendable {
  /// The comparison with one declared base.
  public struct Comparison: Sendable {
    /// The name of the base, as the card writes it.
    public let base: String
    /// The comparison of the model with it.
    public let result: ComparisonResult
  }

  /// The model that the card is about; an adapter as it is stored.
  public let model: ModelSummary
  /// The card and its outcome.
  public let card: CardResult
  /// One for each declared base that was found, in the card's order.
  public let comparisons: [Comparison]
}
