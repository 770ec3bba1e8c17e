import Lineage

/// The outcome of one statistical test, with the null distribution that it is held against.
public struct Evidence: Sendable, Equatable {
  /// What was tested, in a few words.
  public let test: String
  /// The statistic. Its range depends on the test.
  public let value: Double
  /// Mean of the statistic for unrelated models.
  public let nullMean: Double
  /// Standard deviation of the statistic for unrelated models.
  public let nullStandardDeviation: Double
  /// Number of draws that mean and standard deviation come from.
  public let draws: Int
  /// Base-10 logarithm of the probability of a value at least this large for unrelated models; at most 0.
  public let log10P: Double

  init(_ evidence: Lineage.Evidence) {
    test = evidence.test
    value = evidence.value
    nullMean = evidence.nullMean
    nullStandardDeviation = evidence.nullSD
    draws = evidence.draws
    log10P = evidence.log10P
  }
}
