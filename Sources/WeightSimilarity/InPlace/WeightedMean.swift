/// The mean of the defined values, weighted by parameters.
package struct WeightedMean: Sendable {
  private var sum = 0.0
  private var weight = 0.0

  package init() {}

  /// Adds a value with this number of parameters, if it is defined.
  package mutating func add(_ value: Double?, weight parameters: Int) {
    guard let value else { return }
    sum += value * Double(parameters)
    weight += Double(parameters)
  }

  /// The mean; nil if no value was defined.
  package var value: Double? { weight > 0 ? sum / weight : nil }
}
