import BasisRecovery
import LinearAlgebra

/// A synthetic relative of one of a model's own units: could the test have seen it?
///
/// The number of neurons alone does not tell. If all neurons of a model look alike (orthogonal rows of one length, say), no first
/// partners are found, and a copy would not be seen either. So a middle unit is compared with a copy of itself that has lost a fifth
/// of its neurons and whose matrices have noise of 0.3 of their RMS: more than what any fine-tuning does to a model, and about what
/// 3-bit rounding does.
struct PowerProbe: Sendable {
  private static let noise = 0.3

  let unit: CosineTable
  let copy: CosineTable

  /// The probe of a unit; nil if it has too few neurons. Cost: that of a unit's tables.
  init?(_ source: NeuronMatrices, _ sizes: TableSizes) {
    let norms = NeuronNorms(source)
    let most = sizes.neurons * 2
    var doubled = sizes
    doubled.neurons = most
    let chosen = norms.distinct(norms.largest(.allMatrices, sizes.split * sizes.neurons), doubled, in: source).sorted()
    guard chosen.count >= 4 * sizes.least else { return nil }
    let readers = [source.gate, source.up].compactMap(\.self).map { source.rows(of: $0, chosen) }
    let rows = readers + [source.downColumns(chosen)]
    var random = SplitMix(seed: 3)
    let kept = Array(random.permutation(chosen.count).dropFirst(chosen.count / 5))
    let noisy = rows.map { Self.noisy($0.taking(kept), &random) }
    unit = Self.table(rows, sizes)
    copy = Self.table(noisy, sizes)
  }

  /// The agreements of the unit with its copy.
  func agreements(_ sizes: TableSizes) -> [HeldOutAgreement] {
    HeldOutAgreement.all(PartnerSearch(copy, unit, .allMatrices, sizes))
  }

  /// The table of the neurons of largest norm product.
  private static func table(_ rows: [Matrix], _ sizes: TableSizes) -> CosineTable {
    var units = rows
    let norms = units.indices.map { units[$0].normaliseRows() }
    let products = (0..<rows[0].rows).map { row in norms.reduce(1) { $0 * $1[row] } }
    let order = products.indices.sorted { (products[$0], $1) > (products[$1], $0) }.prefix(sizes.neurons)
    return CosineTable(rows.map { $0.taking(Array(order)) }, .allMatrices)
  }

  private static func noisy(_ matrix: Matrix, _ random: inout SplitMix) -> Matrix {
    var noisy = matrix
    let squares = sumAndSquares(matrix.values.span).squares
    let spread = noise * (squares / Double(max(matrix.values.count, 1))).squareRoot()
    for i in noisy.values.indices {
      // The sum of four uniform numbers: variance 1/3, nearly normal.
      var sum = -2.0
      for _ in 0..<4 { sum += Double(random.next() >> 11) * 0x1p-53 }
      noisy.values[i] += Float(sum * 3.0.squareRoot() * spread)
    }
    return noisy
  }
}
