/// One test's outcome with the null that it is held against: a number never comes alone.
package struct Evidence: Sendable, Equatable {
  /// What is tested.
  package enum Test: Sendable, Hashable {
    /// Whether equal rows of the layers' matrices are more alike than shifted ones.
    case rowsInPlace
    /// The same of the channels of the token table of this role.
    case tokenTable(role: String)
    /// Whether neurons are the foundation's in any order and basis.
    case neuronAgreement
  }

  /// What was tested.
  package let test: Test
  /// The statistic.
  package let value: Double
  /// Mean of the statistic where there is no kinship.
  package let nullMean: Double
  /// Its standard deviation there.
  package let nullSD: Double
  /// Number of draws that mean and standard deviation come from.
  package let draws: Int
  /// log10 of the probability of a value at least this large without kinship.
  package let log10P: Double

  /// Evidence from a test that was made elsewhere.
  package init(test: Test, value: Double, nullMean: Double, nullSD: Double, draws: Int, log10P: Double) {
    self.test = test
    self.value = value
    self.nullMean = nullMean
    self.nullSD = nullSD
    self.draws = draws
    self.log10P = log10P
  }
}
