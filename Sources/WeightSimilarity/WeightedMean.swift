/// The mean of those values that are defined, weighted by parameters.
struct WeightedMean: Sendable {
  private var sum = 0.0
  private var weight = 0.0

  /// Takes a value of so many parameters, if it is defined.
  mutating func add(_ value: Double?, weight parameters: Int) {
    guard let value else { return }
    sum += value * Double(parameters)
    weight += Double(parameters)
  }

  /// Nil where none was defined.
  var value: Double? { weight > 0 ? sum / weight : nil }
}
