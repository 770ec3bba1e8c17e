import LinearAlgebra
public import ModelAnatomy
import TensorFiles

/// Which layer of a foundation each layer of a candidate comes from, found by trying all of them (METHOD.md 2).
///
/// ```swift
/// let order = LayerOrder(candidate: a, foundation: b, workers: workers)
/// order?.origins   // [0: 0, 1: 1, 2: 4, 3: 5]: two layers in the middle were dropped
/// order?.isMoved   // true
/// ```
///
/// Every layer of the candidate is held against every layer of the foundation with the rows of `RowSample` and the null
/// of `RowShiftTest`; a layer's origin is the most significant one, if it is significant at 10⁻³ after counting all
/// pairs of layers tried. A layer without an origin is not in the map. Of experts the first eight have a part in it.
/// Cost: reads 32 rows a matrix; 32² · L² · columns multiplications a role; 300 bytes a pair of layers.
public struct LayerOrder: Sendable, Equatable {
  /// Layer number of the candidate → layer number of the foundation.
  public let origins: [Int: Int]
  /// log10 of the number of orders among which the best was chosen: what it costs in significance.
  public let log10Tries: Double

  /// The candidate's layers, as the names number them, ascending.
  public let candidateLayers: [Int]
  /// Likewise the foundation's.
  public let foundationLayers: [Int]

  static let log10Significance = -3.0
  /// Experts of a layer that have a part in it: with the attention more than enough, and a model may have hundreds.
  private static let mostExperts = 8
  /// Pairs of matrices that are tried: four times those of 126 layers of 256 experts.
  private static let mostMatrixPairs = 1 << 24

  /// True when a layer comes from another place.
  public var isMoved: Bool { origins.contains { $0.key != $0.value } }

  /// Candidate's layers that share their origin with a layer below them.
  public var repeated: Int { origins.count - Set(origins.values).count }

  /// Tries every layer of the foundation for every layer of the candidate; nil for models with more layers than `LayerPairs` lets be tried.
  public init?(candidate: Anatomy, foundation: Anatomy, workers: Workers) {
    guard LayerPairs.canBeTried(candidate, foundation) else { return nil }
    let (rows, columns) = (candidate.layers, foundation.layers)
    let sums = Self.sums(Self.groups(candidate, foundation), rows, columns, workers)
    // The natural logarithm is not needed: L² tries by the square of the larger depth, as a power of ten from above.
    let log10Pairs = Self.log10(rows) + Self.log10(columns)
    var origins: [Int: Int] = [:]
    for i in 0..<rows {
      let tests = (0..<columns).compactMap { j in
        RowShiftTest(sums[i][j]).map { (column: j, test: $0) }
      }
      // Ties go to the layer in place, then to the lowest.
      let best = tests.min {
        ($0.test.log10P, $0.column == i ? 0 : 1, $0.column) < ($1.test.log10P, $1.column == i ? 0 : 1, $1.column)
      }
      guard let best, best.test.log10P + log10Pairs <= Self.log10Significance else { continue }
      origins[candidate.layerNumbers[i]] = foundation.layerNumbers[best.column]
    }
    self.origins = origins
    log10Tries = Double(rows) * Self.log10(columns)
    (candidateLayers, foundationLayers) = (candidate.layerNumbers, foundation.layerNumbers)
  }

  /// The order that a match of neurons found, whatever the basis.
  public init(_ alignment: Alignment) {
    origins = alignment.layers
    (candidateLayers, foundationLayers) = (alignment.candidate.layerNumbers, alignment.foundation.layerNumbers)
    log10Tries = Double(candidateLayers.count) * Self.log10(foundationLayers.count)
  }

  /// The matrices that are tried.
  private static func groups(_ candidate: Anatomy, _ foundation: Anatomy) -> [LayerGroup] {
    var left = mostMatrixPairs
    return LayerGroup.groups(candidate: candidate, foundation: foundation, role: nil).filter { group in
      let weight = group.candidate[0].weight
      let pairs = group.candidate.count * group.foundation.count
      guard RowSample.suits(weight), (weight.expert ?? 0) < mostExperts, pairs <= left else { return false }
      left -= pairs
      return true
    }
  }

  /// For each layer of the candidate, the sums of its test with each of the foundation's.
  ///
  /// Matrices with fewer rows than others have fewer shifts, and are a stratum of their own: one number of shifts after the other, since its
  /// strata are what takes memory.
  private static func sums(
    _ groups: [LayerGroup], _ rows: Int, _ columns: Int, _ workers: Workers
  ) -> [[RowShiftTest.Sums]] {
    var sums = [[RowShiftTest.Sums]](repeating: Array(repeating: RowShiftTest.Sums(), count: columns), count: rows)
    let byShifts = Dictionary(grouping: groups) { RowSample.rows(of: $0.candidate[0].weight) }
    for (shifts, groups) in byShifts.sorted(by: { $0.key < $1.key }) {
      let empty = ShiftStratum(shifts: shifts)
      var strata = [[ShiftStratum]](repeating: Array(repeating: empty, count: columns), count: rows)
      for group in groups {
        let samples = workers.map(group.foundation.count) { RowSample(of: group.foundation[$0].weight) }
        let layers = Dictionary(grouping: group.candidate, by: \.position).sorted { $0.key < $1.key }
        let found = workers.map(layers.count) { [strata] i in
          var row = strata[layers[i].key]
          for member in layers[i].value {
            let sample = RowSample(of: member.weight)
            // Rows of the foundation are shifted here instead of the candidate's: the same pairs.
            for (other, theirs) in zip(group.foundation, samples) {
              row[other.position].add(sample.shiftedCosines(with: theirs), weight: Double(member.weight.columns))
            }
          }
          return row
        }
        for (layer, row) in zip(layers, found) { strata[layer.key] = row }
      }
      for i in 0..<rows {
        for j in 0..<columns where strata[i][j].weight > 0 { sums[i][j].add(strata[i][j].summary) }
      }
    }
    return sums
  }

  /// log10 of a number of layers, rounded up to a hundredth: enough to count tries, and the same on every machine.
  static func log10(_ count: Int) -> Double {
    var (power, hundredths) = (1.0, 0)
    while power < Double(count) {
      power *= 1.023292992280754
      hundredths += 1
    }
    return Double(hundredths) / 100
  }
}
