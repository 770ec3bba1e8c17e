package import LinearAlgebra

/// A value for each metric of ``Metric/all``, or nil where it is undefined. It has a fixed size and needs no allocation.
package struct MetricValues: Sendable, Equatable {
  /// The most metrics for which there is room.
  package static let capacity = SIMD8<Double>.scalarCount

  /// NaN stands for nil: no defined value is NaN.
  private var numbers: SIMD8<Double>

  /// No value is defined.
  package init() { numbers = SIMD8(repeating: .nan) }

  /// The values that follow from the sums of a pair. The foundation is the `a` of the sums, the candidate the `b`.
  package init(_ sums: PairSums) {
    self.init()
    for metric in Metric.all { self[metric] = metric.ofSums?(sums) }
  }

  /// The means of `tensors`; nil for metrics without a mean, and where no value is defined.
  fileprivate init(_ means: MetricMeans) {
    numbers = means.sums / means.weights
    for metric in Metric.all where !metric.hasMean { self[metric] = nil }
  }

  /// The value of a metric.
  package subscript(metric: Metric) -> Double? {
    get { self[metric.position] }
    set { self[metric.position] = newValue }
  }

  /// The value of the metric at this position of ``Metric/all``.
  subscript(position: Int) -> Double? {
    get { numbers[position].isNaN ? nil : numbers[position] }
    set { numbers[position] = newValue ?? .nan }
  }

  /// True if the same values are defined and equal.
  package static func == (first: MetricValues, second: MetricValues) -> Bool {
    let areUndefined = (first.numbers .!= first.numbers) .& (second.numbers .!= second.numbers)
    return all((first.numbers .== second.numbers) .| areUndefined)
  }

  fileprivate var defined: SIMDMask<SIMD8<Double.SIMDMaskScalar>> { numbers .== numbers }

  fileprivate func weighted(by weight: Double) -> SIMD8<Double> { numbers * weight }
}

/// The means of all metrics over several pairs of tensors, weighted by parameters. Undefined values are left out.
struct MetricMeans {
  fileprivate var sums = SIMD8<Double>()
  fileprivate var weights = SIMD8<Double>()

  /// Adds the values of a pair with this number of parameters.
  mutating func add(_ values: MetricValues, weight parameters: Int) {
    let weight = Double(parameters)
    sums.replace(with: sums + values.weighted(by: weight), where: values.defined)
    weights.replace(with: weights + weight, where: values.defined)
  }

  /// The means.
  var values: MetricValues { MetricValues(self) }
}
