import LinearAlgebra
public import ModelAnatomy
import Safetensors

/// Which layer of a foundation each layer of a candidate comes from, found by trying all of them (METHOD.md 2).
///
/// ```swift
/// let order = LayerOrder(candidate: a, foundation: b, workers: workers)
/// order.origins   // [0: 0, 1: 1, 2: 4, 3: 5]: two layers in the middle were dropped
/// order.isMoved   // true
/// ```
///
/// Every layer of the candidate is held against every layer of the foundation with the rows of `RowSample` and the null
/// of `RowShiftTest`; a layer's origin is the most significant one, if it is significant at 10⁻³ after counting all
/// pairs of layers tried. A layer without an origin is not in the map.
/// Cost: reads 32 rows a matrix; 32² · L² · columns multiplications a role.
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

  /// True when a layer comes from another place.
  public var isMoved: Bool { origins.contains { $0.key != $0.value } }

  /// Candidate's layers that share their origin with a layer below them.
  public var repeated: Int { origins.count - Set(origins.values).count }

  /// Tries every layer of the foundation for every layer of the candidate.
  public init(candidate: Anatomy, foundation: Anatomy, workers: Workers) {
    let (rows, columns) = (candidate.layers, foundation.layers)
    var strata: [[[Int: ShiftStratum]]] = Array(repeating: Array(repeating: [:], count: columns), count: rows)
    for group in LayerGroup.groups(candidate: candidate, foundation: foundation, role: nil) {
      guard RowSample.suits(group.candidate[0].weight) else { continue }
      let cells = Self.shiftedCosines(group, workers)
      for cell in cells.joined() {
        strata[cell.row][cell.column][cell.cosines.count, default: ShiftStratum(shifts: cell.cosines.count)]
          .add(cell.cosines, weight: Double(group.candidate[0].weight.columns))
      }
    }
    // The natural logarithm is not needed: L² tries by the square of the larger depth, as a power of ten from above.
    let log10Pairs = Self.log10(rows) + Self.log10(columns)
    var origins: [Int: Int] = [:]
    for i in 0..<rows {
      let tests = (0..<columns).compactMap { j in
        RowShiftTest(strata[i][j].sorted { $0.key < $1.key }.map(\.value.summary)).map { (column: j, test: $0) }
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

  private struct Cell: Sendable {
    var row: Int
    var column: Int
    var cosines: [Double]
  }

  /// For every layer of the candidate that has the matrix: its shifted cosines with every layer of the foundation.
  private static func shiftedCosines(_ group: LayerGroup, _ workers: Workers) -> [[Cell]] {
    let samples = workers.map(group.foundation.count) { RowSample(of: group.foundation[$0].weight) }
    return workers.map(group.candidate.count) { i in
      let member = group.candidate[i]
      let sample = RowSample(of: member.weight)
      // Rows of the foundation are shifted here instead of the candidate's: the same pairs.
      return zip(group.foundation, samples).map { other, theirs in
        Cell(row: member.position, column: other.position, cosines: sample.shiftedCosines(with: theirs))
      }
    }
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
