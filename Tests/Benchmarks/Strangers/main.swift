// Draws pairs of independent random models and prints what the recognition of neurons makes of them: the smallest p-values,
// those above the line of a verdict, and how far the permutation test's are from uniform. One pair in ten is also drawn as whole
// models (WholeModels.swift), of which the verdict and the p-values of every test are looked at. Exit code 1 when one is above the
// line.
// Usage: Strangers PAIRS [SEED [THREADS]]        run by scripts/strangers
@testable import BasisRecovery
@testable import LinearAlgebra
@testable import NeuronTables
@testable import TestKit
@testable import Threads
@testable import WeightSimilarity

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

prepareOpenBLASEnvironment()
let pairs = CommandLine.arguments.count > 1 ? Int(CommandLine.arguments[1]) ?? 1_000 : 1_000
let seed = CommandLine.arguments.count > 2 ? UInt64(CommandLine.arguments[2]) ?? 1 : 1
let threads = CommandLine.arguments.count > 3 ? Int(CommandLine.arguments[3]) ?? 2 : 2
/// What a verdict of kinship needs (`Verdict.Rule`): as unlikely as 10⁻⁶, and 0.03 above chance.
let line = -6.0
print("seed \(seed), \(pairs) pairs")

func matrices(_ model: RandomMLP, isGated: Bool) -> [NeuronMatrices] {
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

struct Draw: Sendable {
  var kind: RandomMLP.Kind
  var sizes: String
  var log10P: Double
  var share: Double
  var chance: Double
  var permutation: Double
  /// The test of tables of cosines: its p-value and its share; nil where it cannot be made.
  var tables: (log10P: Double, share: Double)?
}

let found = Workers(threads: threads).map(pairs) { index -> Draw? in
  var random = SeededGenerator(seed &* 1_000_003 &+ UInt64(index))
  let kind = RandomMLP.Kind.allCases[index % RandomMLP.Kind.allCases.count]
  // One in a hundred is wider than the frame; those of 5 · 260 neurons are looked at in two steps.
  let isWide = index % 100 == 99
  let width = isWide ? 528 : [4, 8, 16, 24, 48][Int(random.next() % 5)]
  let frame = RandomMLP.Frame(kind, width: width, &random)
  let neurons = isWide ? 60 : [6, 12, 30, 60, 120, 260][Int(random.next() % 6)]
  let layers = isWide ? 2 : [1, 2, 3, 5][Int(random.next() % 4)]
  let isGated = random.uniform() < 0.7
  let a = RandomMLP(frame, layers: layers, neurons: neurons, &random)
  let b = RandomMLP(frame, layers: random.uniform() < 0.5 ? layers : 2, neurons: random.uniform() < 0.5 ? neurons : 40, &random)
  let recovery = BasisRecovery(
    candidate: matrices(b, isGated: isGated), foundation: matrices(a, isGated: isGated), workers: Workers(threads: 1),
    seed: UInt64(index))
  guard let evidence = recovery.match()?.evidence else { return nil }
  // Ties broken at random make a discrete p-value uniform.
  let (above, equal) = (
    evidence.permuted.count { $0 > evidence.permuted[0] }, evidence.permuted.count { $0 == evidence.permuted[0] }
  )
  let p = (Double(above) + random.uniform() * Double(equal)) / Double(evidence.permuted.count)
  let workers = Workers(threads: 1)
  let tables = TableMatch(
    candidate: ModelTables(matrices(b, isGated: isGated), isGated: isGated, workers: workers),
    foundation: ModelTables(matrices(a, isGated: isGated), isGated: isGated, workers: workers), workers: workers)
  return Draw(
    kind: kind,
    sizes:
      "\(b.layers.count)/\(a.layers.count) layers, \(b.neurons)/\(a.neurons) neurons, width \(width)\(isGated ? "" : ", plain")",
    log10P: evidence.log10P, share: evidence.share, chance: evidence.chance, permutation: p,
    tables: tables.coverage > 0 ? (tables.log10P, tables.share) : nil)
}

/// The largest distance of the distribution from the uniform one, times the root of the count: above 1.63 once in a hundred.
func distance(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let n = Double(sorted.count)
  return sorted.enumerated().reduce(0) { max($0, $1.element - Double($1.offset) / n, Double($1.offset + 1) / n - $1.element) }
    * n.squareRoot()
}

for kind in RandomMLP.Kind.allCases {
  let draws = found.compactMap(\.self).filter { $0.kind == kind }
  guard let worst = draws.min(by: { $0.log10P < $1.log10P }) else { continue }
  print(
    kind.rawValue, draws.count, "worst log10P", worst.log10P, "share", worst.share, "chance", worst.chance, worst.sizes,
    "below -1:",
    draws.count { $0.log10P < -1 }, "below -2:", draws.count { $0.log10P < -2 }, "below -3:", draws.count { $0.log10P < -3 },
    "KS of permutation",
    distance(draws.map(\.permutation)))
}
for kind in RandomMLP.Kind.allCases {
  let draws = found.compactMap(\.self).filter { $0.kind == kind }.compactMap(\.tables)
  guard let worst = draws.min(by: { $0.log10P < $1.log10P }) else { continue }
  print(
    kind.rawValue, "tables", draws.count, "worst log10P", worst.log10P, "share", worst.share, "below -1:",
    draws.count { $0.log10P < -1 }, "below -2:", draws.count { $0.log10P < -2 }, "below -3:", draws.count { $0.log10P < -3 })
}
let accused = found.compactMap(\.self).filter { $0.log10P <= line || ($0.tables?.log10P ?? 0) <= line }
for draw in accused { print("above the line:", draw) }
// What the permutation test takes to be independent is not in these two: a neuron's rows in two matrices have to do with each other.
let exact = found.compactMap(\.self).filter { $0.kind != .repeatedRows && $0.kind != .alikeMatrices }
print(
  "all:", found.count, "above the line:", accused.count, "undefined:", found.count { $0 == nil }, "KS where the test is exact:",
  distance(exact.map(\.permutation)), "of", exact.count)
let accusedModels = WholeModels(pairs: max(1, pairs / 10), seed: seed, threads: threads).run()
if !accused.isEmpty || accusedModels > 0 { exit(1) }
