import BasisRecovery
import LinearAlgebra
import WeightSimilarity

/// The lengths of a unit's neurons, by which tables choose their neurons.
struct NeuronNorms {
  /// ‖row‖ of gate (of up without gates); 0 where it is not finite.
  private let first: [Double]
  /// The products of the norms of all matrices.
  private let products: [Double]

  /// Cost: one read of all matrices.
  init(_ source: NeuronMatrices) {
    func finite(_ squares: [Double]) -> [Double] { squares.map { $0.isFinite ? $0.squareRoot() : 0 } }
    let up = finite(source.rowSquares(of: source.up))
    let gate = source.gate.map { finite(source.rowSquares(of: $0)) }
    let down = finite(source.downSquares())
    first = gate ?? up
    products = up.indices.map { up[$0] * down[$0] * (gate?[$0] ?? 1) }.map { $0.isFinite ? $0 : 0 }
  }

  /// The `most` neurons of largest norm, or norm product, in this order; ties go to the lower index. Neurons of norm 0 do not count.
  func largest(_ selection: TableSelection, _ most: Int) -> [Int] {
    let keys = selection == .firstMatrix ? first : products
    let order = keys.indices.filter { keys[$0] > 0 }.sorted { (keys[$0], $1) > (keys[$1], $0) }
    return Array(order.prefix(most))
  }

  /// The first `sizes.neurons` of these neurons that are no near copies of an earlier one.
  ///
  /// Copies that differ by a little noise have nearly the same norm: only neurons whose norms are close in rank are compared.
  func distinct(_ neurons: [Int], _ sizes: TableSizes, in source: NeuronMatrices) -> [Int] {
    let block = 64
    let ascending = neurons.sorted()
    var rows = source.rows(of: source.gate ?? source.up, ascending)
    rows.normaliseRows()
    let places = Dictionary(uniqueKeysWithValues: ascending.enumerated().map { ($1, $0) })
    let rank = Dictionary(uniqueKeysWithValues: neurons.enumerated().map { ($1, $0) })
    let byNorm = neurons.sorted { (first[$0], $1) > (first[$1], $0) }
    let sorted = rows.taking(byNorm.compactMap { places[$0] })
    // Pairs of copies; the one that comes first in `neurons` stays.
    var isCopy = [Bool](repeating: false, count: neurons.count)
    for start in stride(from: 0, to: byNorm.count, by: block) {
      let own = start..<min(start + block, byNorm.count)
      let near = start..<min(start + 2 * block, byNorm.count)
      let cosines = sorted.taking(Array(own)).timesTranspose(of: sorted.taking(Array(near)))
      for i in own {
        for j in near where j > i && cosines[i - start, j - start] > sizes.copyCosine {
          guard let a = rank[byNorm[i]], let b = rank[byNorm[j]] else { continue }
          isCopy[max(a, b)] = true
        }
      }
    }
    return Array(neurons.indices.filter { !isCopy[$0] }.prefix(sizes.neurons).map { neurons[$0] })
  }
}
