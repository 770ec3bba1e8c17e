package import ModelAnatomy
package import Threads
package import WeightSimilarity

/// Finds which layer of a foundation each layer of a candidate comes from, by comparing all layers with all.
///
/// ```swift
/// let order = LayerOrderSearch.order(candidate: candidate, foundation: foundation, workers: workers)
/// order?.origins   // [0: 0, 1: 1, 2: 4, 3: 5]: two layers in the middle were dropped
/// ```
///
/// Every layer of the candidate is compared with every layer of the foundation, with the rows of `RowSample` and the null
/// distribution of `RowShiftTest`. The origin of a layer is the most significant layer, if its p-value is at most 10⁻³ after
/// correction for all pairs of layers. A layer without an origin is not in the result. Only the first eight experts of a layer
/// are used.
package enum LayerOrderSearch {
  /// The order of the candidate's layers; nil for models with more layers than `LayerPairs` allows.
  ///
  /// Cost: reads 32 rows per matrix; 32² · L² · columns multiplications per role; 300 bytes per pair of layers. After a
  /// cancellation the order is meaningless.
  package static func order(candidate: Anatomy, foundation: Anatomy, workers: Workers) -> LayerOrder? {
    guard LayerPairs.canBeTried(candidate, foundation) else { return nil }
    let (rows, columns) = (candidate.layers, foundation.layers)
    let sums = sums(groups(candidate, foundation), rows, columns, workers)
    let log10Pairs = Tries.log10(rows) + Tries.log10(columns)
    var origins: [Int: Int] = [:]
    for i in 0..<rows {
      let tests = (0..<columns).compactMap { j in
        RowShiftTest(sums[i][j]).map { (column: j, test: $0) }
      }
      // A tie goes to the layer with the same number, then to the lowest layer.
      let best = tests.min {
        ($0.test.log10P, $0.column == i ? 0 : 1, $0.column) < ($1.test.log10P, $1.column == i ? 0 : 1, $1.column)
      }
      guard let best, best.test.log10P + log10Pairs <= MatchingRule.log10Significance else { continue }
      origins[candidate.layerNumbers[i]] = foundation.layerNumbers[best.column]
    }
    return LayerOrder(
      origins: origins, log10Tries: Double(rows) * Tries.log10(columns), candidateLayers: candidate.layerNumbers,
      foundationLayers: foundation.layerNumbers)
  }

  /// The matrices that are compared.
  private static func groups(_ candidate: Anatomy, _ foundation: Anatomy) -> [LayerGroup] {
    var left = MatchingRule.mostMatrixPairs
    return LayerGroup.groups(candidate: candidate, foundation: foundation, role: nil).filter { group in
      let weight = group.candidate[0].weight
      let pairs = group.candidate.count * group.foundation.count
      guard RowSample.suits(weight), (weight.expert ?? 0) < MatchingRule.mostExperts, pairs <= left else { return false }
      left -= pairs
      return true
    }
  }

  /// For each layer of the candidate, the sums of its test with each layer of the foundation.
  ///
  /// Matrices with fewer rows than others have fewer shifts and form a separate stratum. The numbers of shifts are processed one
  /// after another, because the strata take most of the memory.
  private static func sums(
    _ groups: [LayerGroup], _ rows: Int, _ columns: Int, _ workers: Workers
  ) -> [[RowShiftTest.Sums]] {
    var sums = [[RowShiftTest.Sums]](repeating: Array(repeating: RowShiftTest.Sums(), count: columns), count: rows)
    let byShifts = Dictionary(grouping: groups) { RowSample.rows(of: $0.candidate[0].weight) }
    for (shifts, groups) in byShifts.sorted(by: { $0.key < $1.key }) {
      let empty = ShiftStratum(shifts: shifts)
      var strata = [[ShiftStratum]](repeating: Array(repeating: empty, count: columns), count: rows)
      for group in groups where !workers.isCancelled { add(group, to: &strata, workers) }
      for i in 0..<rows {
        for j in 0..<columns where strata[i][j].weight > 0 { sums[i][j].add(strata[i][j].summary) }
      }
    }
    return sums
  }

  /// Adds the cosines of all pairs of layers of one group.
  private static func add(_ group: LayerGroup, to strata: inout [[ShiftStratum]], _ workers: Workers) {
    let samples = workers.map(group.foundation.count) { RowSample(of: group.foundation[$0].weight) }
    let layers = Dictionary(grouping: group.candidate, by: \.position).sorted { $0.key < $1.key }
    let found = workers.map(layers.count) { [strata] i in
      var row = strata[layers[i].key]
      for member in layers[i].value {
        let sample = RowSample(of: member.weight)
        // The rows of the foundation are shifted instead of those of the candidate: this gives the same pairs of rows.
        for (other, otherSample) in zip(group.foundation, samples) {
          row[other.position].add(sample.shiftedCosines(with: otherSample), weight: Double(member.weight.columns))
        }
      }
      return row
    }
    for (layer, row) in zip(layers, found) { strata[layer.key] = row }
  }
}
