@testable import BasisRecovery
@testable import NeuronTables
@testable import TestKit
@testable import Threads
@testable import WeightSimilarity

/// What the recognition of neurons makes of a pair of independent random MLPs.
struct NeuronDraw: Sendable {
  var kind: RandomMLP.Kind
  var sizes: String
  var log10P: Double
  var share: Double
  var chance: Double
  var permutation: Double
  /// The test of tables of cosines: its p-value and its share; nil where it cannot be made.
  var tables: (log10P: Double, share: Double)?

  /// Draws the pair of this number and compares it; nil if there is nothing to compare. The same for the same seed and number.
  init?(number: Int, seed: UInt64) {
    var random = SeededGenerator(seed &* 1_000_003 &+ UInt64(number))
    kind = RandomMLP.Kind.allCases[number % RandomMLP.Kind.allCases.count]
    // One in a hundred is wider than the frame; those of 5 · 260 neurons are looked at in two steps.
    let isWide = number % 100 == 99
    let width = isWide ? 528 : [4, 8, 16, 24, 48][Int(random.next() % 5)]
    let frame = RandomMLP.Frame(kind, width: width, &random)
    let neurons = isWide ? 60 : [6, 12, 30, 60, 120, 260][Int(random.next() % 6)]
    let layers = isWide ? 2 : [1, 2, 3, 5][Int(random.next() % 4)]
    let isGated = random.uniform() < 0.7
    let a = RandomMLP(frame, layers: layers, neurons: neurons, &random)
    let b = RandomMLP(frame, layers: random.uniform() < 0.5 ? layers : 2, neurons: random.uniform() < 0.5 ? neurons : 40, &random)
    sizes =
      "\(b.layers.count)/\(a.layers.count) layers, \(b.neurons)/\(a.neurons) neurons, width \(width)\(isGated ? "" : ", plain")"
    let workers = Workers(threads: 1)
    let (candidate, foundation) = (Self.matrices(b, isGated: isGated), Self.matrices(a, isGated: isGated))
    let recovery = BasisRecovery(candidate: candidate, foundation: foundation, workers: workers, seed: UInt64(number))
    guard let evidence = recovery.match()?.evidence else { return nil }
    (log10P, share, chance) = (evidence.log10P, evidence.share, evidence.chance)
    // Ties broken at random make a discrete p-value uniform.
    let above = evidence.permuted.count { $0 > evidence.permuted[0] }
    let equal = evidence.permuted.count { $0 == evidence.permuted[0] }
    permutation = (Double(above) + random.uniform() * Double(equal)) / Double(evidence.permuted.count)
    let match = TableMatch(
      candidate: ModelTables(candidate, isGated: isGated, workers: workers),
      foundation: ModelTables(foundation, isGated: isGated, workers: workers), workers: workers)
    tables = match.coverage > 0 ? (match.log10P, match.share) : nil
  }

  private static func matrices(_ model: RandomMLP, isGated: Bool) -> [NeuronMatrices] {
    model.layers.enumerated().map { number, layer in
      func rows(_ values: [Float]) -> MatrixRows {
        let width = model.width
        return MatrixRows(rows: model.neurons, columns: width) { rows, columns in
          rows.flatMap { row in values[row * width + columns.lowerBound..<row * width + columns.upperBound] }
        }
      }
      let (down, n) = (layer.down, model.neurons)
      let width = model.width
      let turned = MatrixRows(rows: width, columns: n) { rows, columns in
        rows.flatMap { row in columns.map { down[$0 * width + row] } }
      }
      return NeuronMatrices(
        layer: number, gate: isGated ? rows(layer.gate) : nil, up: rows(layer.up), down: turned, gain: layer.gain)
    }
  }

  // MARK: Lines

  /// The draw as fields of a line.
  var fields: [String] {
    [kind.rawValue, sizes] + [log10P, share, chance, permutation].map { "\($0)" }
      + (tables.map { ["\($0.log10P)", "\($0.share)"] } ?? [])
  }

  /// The draw of a line's fields; nil if they are none.
  init?(fields: [Substring]) {
    guard fields.count == 6 || fields.count == 8, let kind = RandomMLP.Kind(rawValue: String(fields[0])) else { return nil }
    let numbers = fields.dropFirst(2).compactMap { Double($0) }
    guard numbers.count == fields.count - 2 else { return nil }
    (self.kind, sizes) = (kind, String(fields[1]))
    (log10P, share, chance, permutation) = (numbers[0], numbers[1], numbers[2], numbers[3])
    tables = numbers.count == 6 ? (numbers[4], numbers[5]) : nil
  }
}
