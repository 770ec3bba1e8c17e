/// The thresholds and limits for the choice of a pairing.
enum MatchingRule {
  /// log10 of the largest p-value, after correction for all tries, at which a similarity is significant: one error in a thousand
  /// models. A wrong choice costs coverage but does not make the verdict wrong, because the number of tries multiplies the
  /// verdict's p-value too.
  static let log10Significance = -3.0
  /// The most experts of a layer that are used in the search for the order of layers. Together with the attention they are more
  /// than enough, and a model may have hundreds.
  static let mostExperts = 8
  /// The most pairs of matrices that are compared in that search: four times the number for 126 layers of 256 experts.
  static let mostMatrixPairs = 1 << 24
  /// The most pairs of readings that are tried; further readings are less likely. Fewer in models with hundreds of layers.
  static let mostReadings = 8
  /// The most pairs of weights of one shape that are compared: 512 matrices of a shape in both models. With more, the search
  /// would take hours. Such models have experts, which must be identified by name.
  static let mostPairsOfShape = 1 << 18
  /// The most pairs of weights of all shapes that are compared.
  static let mostPairs = 8 * mostPairsOfShape
  /// The most columns of a matrix that are compared: with 32 rows, enough to see an excess of a tenth.
  static let columns = 1 << 10
  /// The most numbers of a vector that are compared.
  static let vectorLength = 1 << 12
}
