/// The numbers that steer which pairing is chosen.
enum MatchingRule {
  /// log10 of the probability up to which a likeness is no chance, after all that were tried are counted: one error in a thousand
  /// models. A wrong choice costs coverage, not a wrong verdict, since the number of tries multiplies the p-value of the verdict too.
  static let log10Significance = -3.0
  /// Experts of a layer that take part in the search for the order of layers: with the attention more than enough, and a model may have
  /// hundreds.
  static let mostExperts = 8
  /// Pairs of matrices that are compared in that search: four times those of 126 layers of 256 experts.
  static let mostMatrixPairs = 1 << 24
  /// Pairs of readings that are tried: the readings behind them are less likely. Fewer in models with hundreds of layers.
  static let mostReadings = 8
  /// Pairs of weights of one shape that are compared: 512 matrices of a shape in both models. With more, the search would take hours;
  /// such models have experts, which names have to tell.
  static let mostPairsOfShape = 1 << 18
  /// Pairs of weights of all shapes that are compared.
  static let mostPairs = 8 * mostPairsOfShape
  /// Columns of a matrix that are compared: with 32 rows enough to see an excess of a tenth.
  static let columns = 1 << 10
  /// Numbers of a vector that are compared.
  static let vectorLength = 1 << 12
}
