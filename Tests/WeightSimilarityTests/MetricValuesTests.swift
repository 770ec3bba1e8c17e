import ElementTypes
import ModelKit
import TestKit
import Testing

@testable import WeightSimilarity

@Suite struct MetricValuesTests {
  @Test("the table has no more metrics than a pair of tensors has room for, each at its position")
  func table() {
    #expect((1...MetricValues.capacity).contains(Metric.all.count))
    #expect(Metric.all.map(\.position) == Array(Metric.all.indices))
  }

  @Test("a value stays at its metric, and an undefined one is nil")
  func values() {
    var values = MetricValues()
    #expect(Metric.all.allSatisfy { values[$0] == nil } && values == MetricValues())
    for metric in Metric.all { values[metric] = Double(metric.position) }
    #expect(Metric.all.map { values[$0] } == Metric.all.map { Double($0.position) } && values != MetricValues())
    values[Metric.all[0]] = nil
    #expect(values[Metric.all[0]] == nil && values[Metric.all[1]] == 1)
  }

  @Test("the pass fills in every metric that has a formula")
  func sums() throws {
    let set = TensorSet([("layers.0.w", .f32, [2, 2], [1, 2, 3, 4])])
    let similarity = try TensorSet([("layers.0.w", .f32, [2, 2], [1, 2, 3, 5])]).similarity(to: set)
    let values = try #require(similarity.tensors.first).values
    #expect(Metric.all.map { values[$0] != nil } == Metric.all.map { $0.ofSums != nil })
    #expect(Metric.all.map { similarity.overall.values[$0] != nil } == Metric.all.map { $0.ofSums != nil && $0.hasMean })
  }

  @Test("a mean is that of the defined values, weighted by parameters, to the last bit")
  func means() {
    var random = SeededGenerator(15)
    for _ in 0..<100 {
      var found = MetricMeans()
      var expected = Metric.all.map { _ in WeightedMean() }
      for _ in 0..<Int.random(in: 0...5, using: &random) {
        var values = MetricValues()
        let parameters = Int.random(in: 0...1000, using: &random)
        for metric in Metric.all where Bool.random(using: &random) {
          values[metric] = Double.random(in: -1...1, using: &random)
          expected[metric.position].add(values[metric], weight: parameters)
        }
        found.add(values, weight: parameters)
      }
      let values = found.values
      for metric in Metric.all {
        #expect(values[metric] == (metric.hasMean ? expected[metric.position].value : nil), "\(metric.id): \(random)")
      }
    }
  }
}
