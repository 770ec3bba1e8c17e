/// One test's outcome with the null that it is held against: a number never comes alone.
public struct Evidence: Sendable, Equatable {
  /// What was tested, in a few words.
  public let test: String
  /// The statistic.
  public let value: Double
  /// Mean of the statistic where there is no kinship.
  public let nullMean: Double
  /// Its standard deviation there.
  public let nullSD: Double
  /// Number of draws that mean and standard deviation come from.
  public let draws: Int
  /// log10 of the probability of a value at least this large without kinship.
  public let log10P: Double

  /// Evidence from a test that was made elsewhere.
  public init(test: String, value: Double, nullMean: Double, nullSD: Double, draws: Int, log10P: Double) {
    self.test = test
    self.value = value
    self.nullMean = nullMean
    self.nullSD = nullSD
    self.draws = draws
    self.log10P = log10P
  }
}
