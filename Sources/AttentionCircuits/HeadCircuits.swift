import LinearAlgebra
package import Threads

/// The heads of a model, described by what no rewrite of the weights changes.
///
/// ```swift
/// let circuits = HeadCircuits(HeadMatrices.all(of: anatomy), size: 64, layers: 12, workers: workers)
/// circuits.written[3, 17]      // how alike heads 3 and 17 are in what they write for what they read
/// ```
///
/// A head writes outputᵀ·value times what it reads, and attends by queryᵀ·key. The cosines of these circuits among the heads of one
/// model do not change when the residual stream gets another basis, when gains are folded, when heads are reordered, when values
/// and outputs are changed by any invertible matrix inside a head, and queries and keys by what rotary embedding (or its absence)
/// allows. Models of any width can be compared. Heads with a circuit of zero are left out, and so are exact copies of earlier heads.
package struct HeadCircuits: Sendable {
  /// The places of the heads, by layer.
  package var places: [HeadPlace]
  /// For each head the first head of its layer with the same values: a group that shares its value head. Heads of a group are
  /// alike, so chance treats them together.
  var groups: [Int]
  /// Cosines of the output–value circuits, heads × heads, the diagonal zero.
  var written: Matrix
  /// Cosines of the query–key circuits, likewise.
  var attended: Matrix
  /// `HeadTraits` of each head, heads × traits.
  var traits: Matrix

  /// The number of heads.
  package var count: Int { places.count }

  /// Reads at most so many layers, half from either end, with heads of `size`. Layers that this size does not fit are left out, and so
  /// are those whose matrices select channels.
  ///
  /// Cost: 64 rows of every layer, one read of the chosen ones, and `CircuitFactors.cosines` twice. Memory: the factors of all heads with at most
  /// `CircuitSizes.width` channels, and two tables of heads². Meaningless after a cancellation.
  package init(_ source: [HeadMatrices], size: Int, layers: Int, workers: Workers) {
    let fitting = source.filter { $0.fits(size) }
    let areSelections = workers.map(fitting.count) { !workers.isCancelled && fitting[$0].areSelections }
    let chosen = CircuitSizes.ends(fitting.indices.filter { !areSelections[$0] }.map { fitting[$0] }, layers)
    let read = workers.map(chosen.count) { index -> (layer: HeadLayer, groups: [Int], traits: [[Double]?])? in
      guard !workers.isCancelled else { return nil }
      let layer = HeadLayer(chosen[index], size: size, ChannelSketch(channels: chosen[index].width))
      let traits = layer.query.indices.map { head in
        HeadTraits.traits(
          query: layer.query[head], key: layer.key[head / layer.sharing], value: layer.value[head / layer.sharing],
          output: layer.output[head])
      }
      return (layer, ValueGroups.groups(of: layer), traits)
    }.compactMap(\.self)
    var (written, attended) = (CircuitFactors(left: [], right: []), CircuitFactors(left: [], right: []))
    var (places, groups, traits): ([HeadPlace], [Int], [Double]) = ([], [], [])
    for item in read {
      for (head, found) in item.traits.enumerated() {
        guard let found else { continue }
        let shared = head / item.layer.sharing
        places.append(HeadPlace(layer: item.layer.layer, head: head))
        groups.append(item.groups[shared])
        traits += found
        written.left.append(item.layer.output[head])
        written.right.append(item.layer.value[shared])
        attended.left.append(item.layer.query[head])
        attended.right.append(item.layer.key[shared])
      }
    }
    (self.places, self.groups) = (places, groups)
    self.written = written.cosines(workers)
    self.attended = attended.cosines(workers)
    self.traits = Matrix(rows: places.count, columns: HeadTraits.count, values: traits.map { Float($0) })
    let copies = copies
    if !copies.isEmpty { self = taking(places.indices.filter { !copies.contains($0) }) }
  }

  /// The heads whose circuits equal those of an earlier head up to rounding: a layer that is there twice.
  private var copies: Set<Int> {
    let equal: Float = 0.9999
    return Set(
      places.indices.filter { i in
        (0..<i).contains { written[i, $0] > equal && attended[i, $0] > equal }
      })
  }

  private func taking(_ heads: [Int]) -> HeadCircuits {
    func part(_ table: Matrix) -> Matrix {
      Matrix(
        rows: heads.count, columns: heads.count,
        values: heads.flatMap { row in heads.map { table[row, $0] } })
    }
    var copy = self
    copy.places = heads.map { places[$0] }
    copy.groups = heads.map { groups[$0] }
    (copy.written, copy.attended, copy.traits) = (part(written), part(attended), traits.taking(heads))
    return copy
  }
}
