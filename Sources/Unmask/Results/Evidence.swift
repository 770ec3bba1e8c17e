import Lineage

/// The outcome of one statistical test, with the null distribution that it is held against.
public struct Evidence: Sendable, Equatable {
  /// What a test compares.
  public enum Test: Sendable, Hashable {
    /// Whether rows of equal number are more similar than rows that are shifted against each other, in the matrices of all layers.
    case rowsInPlace
    /// The same for the channels of the token table of this role.
    case tokenTable(role: String)
    /// Whether the neurons are the foundation's, in any order and basis.
    case neuronAgreement
  }

  /// What was tested.
  public let test: Test
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
    test =
      switch evidence.test {
      case .rowsInPlace: .rowsInPlace
      case .tokenTable(let role): .tokenTable(role: role)
      case .neuronAgreement: .neuronAgreement
      }
    value = evidence.value
    nullMean = evidence.nullMean
    nullStandardDeviation = evidence.nullSD
    draws = evidence.draws
    log10P = evidence.log10P
  }
}
