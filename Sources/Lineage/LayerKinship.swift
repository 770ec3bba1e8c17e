import WeightSimilarity

/// Which layers of a candidate that is known to be kin were taken over, each by its own test.
struct LayerKinship {
  /// Layers that were taken over, and those that were not, as ranges for people.
  struct Missing {
    var kin: String
    var others: String
    var all: Int
  }

  /// nil when no layer is plainly foreign, or none plainly kin.
  let missing: Missing?

  init(_ similarity: InPlaceSimilarity) {
    let tested = similarity.layers.compactMap { layer in layer.rowShift.map { (layer: layer.layer, test: $0) } }
    let kin = tested.filter {
      $0.test.log10P <= Verdict.Rule.log10LayerSignificance && $0.test.excess >= Verdict.Rule.leastExcess
    }
    let typical = Self.median(kin.map(\.test.excess))
    let others = tested.filter { layer in
      guard let typical, !kin.contains(where: { $0.layer == layer.layer }) else { return false }
      return (typical - layer.test.excess) >= Verdict.Rule.deviationsOfAbsence * layer.test.nullSD
    }
    guard !kin.isEmpty, !others.isEmpty else {
      missing = nil
      return
    }
    missing = Missing(kin: Self.ranges(kin.map(\.layer)), others: Self.ranges(others.map(\.layer)), all: tested.count)
  }

  /// "0–2, 5" of 0, 1, 2 and 5, ascending.
  static func ranges(_ numbers: [Int]) -> String {
    var found: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = found.last, last.upperBound + 1 == number {
        found[found.count - 1] = last.lowerBound...number
      } else {
        found.append(number...number)
      }
    }
    return found.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)–\($0.upperBound)" }.joined(separator: ", ")
  }

  private static func median(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
