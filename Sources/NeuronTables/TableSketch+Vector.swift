import BasisRecovery
import LinearAlgebra

extension TableSketch {
  /// Numbers of `vector`.
  package static let vectorLength = 1024

  /// One vector for all neurons of a model: the product of two models' vectors tells how many neurons they have in common.
  ///
  /// Each neuron gives waves of random directions over its own features (norms and cosines of its rows), and the waves of all neurons
  /// are added. The sum over waves of the products of two neurons' waves is a kernel: large if their features are equal, about 0
  /// otherwise. So the product of two sums counts pairs of equal neurons, in any layers, with a noise of 1 / √`vectorLength`.
  /// Source: Rahimi and Recht, Random features for large-scale kernel machines (2007).
  ///
  /// Norms are told from the unit's median, and every feature is divided by its spread in the unit: a scale of all neurons, which
  /// pruning of channels changes too, does not count. It only ranks models. 10 ms for 2,000 neurons.
  static func vector(of tables: ModelTables) -> [Int8] {
    let own = CosineTable.ownCount(matrices: tables.matrices, .allMatrices)
    let waves = waves(own)
    let half = vectorLength / 2
    var sums = [Float](repeating: 0, count: vectorLength)
    for unit in tables.units where unit.tables.count == 2 && unit.tables[1].neurons >= sizes.least {
      let features = standardised(unit.tables[1], own)
      for row in features {
        for k in 0..<half {
          var turns: Float = 0
          for (feature, value) in row.enumerated() { turns += waves[feature * half + k] * value }
          sums[k] += wave(turns)
          sums[half + k] += wave(turns + 0.25)
        }
      }
    }
    let largest = sums.reduce(0) { max($0, abs($1)) }
    let scale = largest > 0 ? 127 / largest : 0
    return sums.map { Int8(($0 * scale).rounded()) }
  }

  /// The distance, in standard deviations of a feature, at which two neurons are no longer alike.
  private static let width: Float = 0.35

  /// The directions of the waves, in turns: for each feature, all waves.
  private static func waves(_ features: Int) -> [Float] { features == 5 ? gatedWaves : plainWaves }
  private static let gatedWaves = drawn(5)
  private static let plainWaves = drawn(2)

  private static func drawn(_ features: Int) -> [Float] {
    var random = SplitMix(seed: 11)
    return (0..<features * vectorLength / 2).map { _ in
      // The sum of twelve uniform numbers less 6: nearly normal.
      var sum = -6.0
      for _ in 0..<12 { sum += Double(random.next() >> 11) * 0x1p-53 }
      return Float(sum) / (2 * .pi * width)
    }
  }

  /// A wave of period 1 made of two parabolas, nearly a sine: no function of the system, so it is the same on every machine.
  private static func wave(_ turns: Float) -> Float {
    // Adding this number rounds to whole turns.
    let whole: Float = 0x1.8p23
    let part = turns - ((turns + whole) - whole)
    return 8 * part * (1 - 2 * abs(part))
  }

  /// The first `own` features of each neuron. Norms come before cosines.
  private static func standardised(_ table: CosineTable, _ own: Int) -> [[Float]] {
    let norms = own == 5 ? 2 : 1
    var rows = [[Float]](repeating: Array(repeating: 0, count: own), count: table.neurons)
    for k in 0..<own {
      var column: [Float] = (0..<table.neurons).map { table.features[$0, k] }
      if k < norms {
        let middle = column.sorted()[column.count / 2]
        for i in column.indices { column[i] -= middle }
      }
      let spread = (column.reduce(0) { $0 + $1 * $1 } / Float(max(column.count, 1))).squareRoot()
      // Far outliers are cut off, so that turns can be rounded.
      for i in column.indices { rows[i][k] = spread > 1e-9 ? max(-8, min(8, column[i] / spread)) : 0 }
    }
    return rows
  }
}
