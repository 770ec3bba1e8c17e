package import Lineage

/// The outcome of one statistical test, with its null distribution.
public struct Evidence: Sendable, Equatable {
  /// What a test compares.
  public enum Test: Sendable, Hashable {
    /// Whether rows with equal indices are more similar than rows with shifted indices, in the matrices of all layers.
    case rowsInPlace
    /// Whether rows of the value projections have the same angles to each other, in any basis; made of samples alone.
    case valueAngles
    /// Whether channels with equal indices are more similar than shifted ones, in the token table of this role.
    case tokenTable(role: String)
    /// Whether the neurons come from the foundation, in any order and basis.
    case neuronAgreement
    /// Whether the neurons come from the foundation, in any order and with another basis in every layer.
    case neuronTables
    /// Whether the attention heads come from the foundation, in any order and basis. The null distribution is exact: there are no draws.
    case headAgreement
  }

  /// What was tested.
  public let test: Test
  /// The statistic. Its range depends on the test.
  public let value: Double
  /// Mean of the statistic for unrelated models.
  public let nullMean: Double
  /// Standard deviation of the statistic for unrelated models.
  public let nullStandardDeviation: Double
  /// Number of draws from which the mean and the standard deviation are computed.
  public let draws: Int
  /// Base-10 logarithm of the probability of a value at least this large for unrelated models; at most 0.
  public let log10P: Double

  init(_ evidence: Lineage.Evidence) {
    (test, value, log10P) = (Test(evidence.test), evidence.value, evidence.log10P)
    (nullMean, nullStandardDeviation, draws) = (evidence.nullMean, evidence.nullSD, evidence.draws)
  }
}

extension Evidence.Test: CustomStringConvertible {
  package init(_ test: Lineage.Evidence.Test) {
    switch test {
    case .rowsInPlace: self = .rowsInPlace
    case .valueAngles: self = .valueAngles
    case .tokenTable(let role): self = .tokenTable(role: role)
    case .neuronAgreement: self = .neuronAgreement
    case .neuronTables: self = .neuronTables
    case .headAgreement: self = .headAgreement
    }
  }

  /// The name of the test, as in all reports: `rows in place`.
  public var description: String {
    switch self {
    case .rowsInPlace: "rows in place"
    case .valueAngles: "value angles"
    case .tokenTable(let role): "\(role) in place"
    case .neuronAgreement: "neuron agreement"
    case .neuronTables: "neuron tables"
    case .headAgreement: "head agreement"
    }
  }
}
