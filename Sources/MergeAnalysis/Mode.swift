import RealModule

/// The most frequent value of a distribution with a sharp peak.
///
/// Values are counted in bins of 2 % of their size. The mode is the median within 1 % of the fullest two neighbours' median. nil if fewer
/// than `least` values are in range. O(values).
func mode(of values: [Double], in range: ClosedRange<Double> = 0.02...8, least: Int = 24) -> Double? {
  let width = 0.02
  let first = Double.log(range.lowerBound)
  var counts = [Int](repeating: 0, count: Int((Double.log(range.upperBound) - first) / width) + 2)
  var kept: [Double] = []
  for value in values where range.contains(value) {
    counts[Int((Double.log(value) - first) / width)] += 1
    kept.append(value)
  }
  guard kept.count >= least else { return nil }
  let pairs = (0..<counts.count - 1).map { counts[$0] + counts[$0 + 1] }
  guard let best = pairs.indices.max(by: { (pairs[$0], $1) < (pairs[$1], $0) }) else { return nil }
  let low = Double.exp(first + Double(best) * width)
  let near = kept.filter { $0 >= low && $0 < low * .exp(2 * width) }.sorted()
  guard !near.isEmpty else { return nil }
  let median = near[near.count / 2]
  let close = near.filter { abs($0 / median - 1) < 0.01 }
  return close.isEmpty ? median : close[close.count / 2]
}

/// The middle one of some values, the larger of two; 0 for none. O(n log n).
func median(of values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
