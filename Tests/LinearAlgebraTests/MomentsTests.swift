import ElementTypes
import LinearAlgebra
import TestKit
import Testing

@Suite("Moments")
struct MomentsTests {
  private func moments(_ values: [Double]) -> Moments {
    unsafe Moments(of: encode(values, .f64).span.bytes, as: .f64, from: 0, count: values.count)
  }

  @Test("are those of two plain passes, far from zero too", arguments: [(0, 1), (5, 0.1), (1e6, 1), (-3, 1e-3)])
  func plain(centre: Double, spread: Double) throws {
    var random = SeededGenerator(21)
    let values = (0..<50_001).map { _ in centre + spread * (random.normal() + 0.3 * random.normal() * random.normal()) }
    let n = Double(values.count)
    let mean = values.reduce(0) { $0 + ($1 - centre) } / n + centre
    let second = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
    let fourth = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) * ($1 - mean) } / n
    let found = moments(values)
    let (m, sd, k, rms) = (
      try #require(found.mean), try #require(found.standardDeviation), try #require(found.excessKurtosis), try #require(found.rms)
    )
    #expect(isClose(m, mean, within: 1e-12, of: abs(mean) + spread), "\(random)")
    #expect(isClose(sd, second.squareRoot(), within: 1e-9), "\(random)")
    #expect(isClose(k, fourth / second / second - 3, within: 1e-8, of: 1), "\(random)")
    #expect(isClose(rms, (mean * mean + second).squareRoot(), within: 1e-12), "\(random)")
    #expect(found.minimum == values.min() && found.maximum == values.max() && found.finite == values.count)
  }

  @Test("merged parts are the whole")
  func merging() throws {
    var random = SeededGenerator(22)
    let values = (0..<30_000).map { _ in random.normal() * random.normal() + 1 }
    let whole = moments(values)
    for cut in [0, 1, 100, 15_000, 29_999, 30_000] {
      var merged = moments(Array(values[..<cut]))
      merged.merge(moments(Array(values[cut...])))
      let (a, b) = (try #require(merged.excessKurtosis), try #require(whole.excessKurtosis))
      #expect(isClose(a, b, within: 1e-11) && merged.count == 30_000, "\(random)")
      #expect(isClose(try #require(merged.variance), try #require(whole.variance), within: 1e-13))
    }
  }

  @Test("NaN, infinities and zeros are counted and the rest measured")
  func special() {
    let found = moments([.nan, 0, -0.0, .infinity, -.infinity, 3, -1])
    #expect(found.nan == 1 && found.infinite == 2 && found.zeros == 2 && found.finite == 4 && found.count == 7)
    #expect(found.mean == 0.5 && found.minimum == -1 && found.maximum == 3)
  }

  @Test("nothing and NaN alone have no moments, a constant no kurtosis")
  func undefined() {
    for values in [[], [Double.nan, .infinity]] {
      let found = moments(values)
      #expect(found.mean == nil && found.standardDeviation == nil && found.rms == nil && found.minimum == nil)
      #expect(found.maximum == nil && found.excessKurtosis == nil)
    }
    let constant = moments([Double](repeating: 0.1, count: 10_000))
    #expect(constant.excessKurtosis == nil && constant.standardDeviation == 0)
    #expect(constant.minimum == 0.1)
  }
}
