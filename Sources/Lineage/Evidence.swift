/// The outcome of one test with its null distribution: a number is never given alone.
package struct Evidence: Sendable, Equatable {
  /// The kind of test.
  package enum Test: Sendable, Hashable {
    /// Whether equal rows of the layers' matrices are more alike than shifted ones.
    case rowsInPlace
    /// Whether rows of the value projections have the same angles to each other, in any basis.
    case valueAngles
    /// Whether equal channels of the token table of this role are more alike than shifted ones.
    case tokenTable(role: String)
    /// Whether neurons match the foundation's in any order and basis.
    case neuronAgreement
    /// Whether neurons match the foundation's in any order and in any number of bases.
    case neuronTables
    /// Whether attention heads match the foundation's in any order and basis. Its null distribution is exact, without draws.
    case headAgreement
  }

  /// What was tested.
  package let test: Test
  /// The statistic.
  package let value: Double
  /// The mean of the statistic for unrelated models.
  package let nullMean: Double
  /// The standard deviation of the statistic for unrelated models.
  package let nullSD: Double
  /// The number of draws behind the mean and standard deviation.
  package let draws: Int
  /// log10 of the probability of a value at least this large for unrelated models.
  package let log10P: Double

  /// Evidence from a test that was made elsewhere.
  package init(test: Test, value: Double, nullMean: Double, nullSD: Double, draws: Int, log10P: Double) {
    (self.test, self.value, self.log10P) = (test, value, log10P)
    (self.nullMean, self.nullSD, self.draws) = (nullMean, nullSD, draws)
  }
}
