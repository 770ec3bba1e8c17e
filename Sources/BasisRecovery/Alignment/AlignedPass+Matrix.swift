package import ModelAnatomy
import Threads
package import WeightSimilarity

extension AlignedPass {
  /// Rows of a matrix that are compared in wide models when every layer is compared with every layer.
  private static let rowsOfMany = 128

  /// The cosines of every layer of the candidate, with its masks undone, with every layer of the foundation: of one role, or the
  /// mean over roles, weighted by parameters.
  ///
  /// The masks of a layer are undone once: its rows are brought to the coordinates of its original layer, with neurons and heads
  /// in the order of that layer. Then it is compared with all layers of the foundation, which are not changed. Rows of layers
  /// without an origin are empty. Cost: that of `run` times the number of the foundation's layers.
  package func matrix(role: Role? = nil) -> LayerMatrix {
    let (rows, columns) = (alignment.candidate.layerNumbers, alignment.foundation.layerNumbers)
    let pairs = alignment.rows().filter { $0.weight.layer != nil && (role == nil || $0.weight.role == role) }
    let index = WeightIndex(alignment.foundation)
    let others = pairs.map { pair in
      columns.map { layer in
        index.first(pair.other.role, layer: layer, expert: pair.other.expert) {
          $0.rows == pair.other.rows && $0.columns == pair.other.columns
        }
      }
    }
    let blocks = pairs.enumerated().flatMap { index, pair in
      Self.blocks(of: chosen(pair, most: Self.rowsOfMany)).map { (pair: index, parts: $0) }
    }
    let found = workers.map(blocks.count) { task in
      let block = blocks[task]
      return others[block.pair].map { other in
        var pair = pairs[block.pair]
        guard let other else { return Sums() }
        pair.other = other
        return sum(pair, block.parts)
      }
    }
    var totals = pairs.map { _ in [Sums](repeating: Sums(), count: columns.count) }
    for (block, sums) in zip(blocks, found) {
      for (j, sum) in sums.enumerated() { totals[block.pair][j].add(sum) }
    }
    let byLayer = Dictionary(grouping: zip(pairs, totals)) { $0.0.weight.layer }
    let cells = rows.map { layer in
      columns.indices.map { j -> Double? in
        var (sum, weight) = (0.0, 0.0)
        for (pair, total) in byLayer[layer, default: []] {
          guard let cosine = total[j].cosine else { continue }
          sum += cosine * Double(pair.weight.parameters)
          weight += Double(pair.weight.parameters)
        }
        return weight > 0 ? sum / weight : nil
      }
    }
    return LayerMatrix(
      candidateLayers: rows, foundationLayers: columns, cells: cells, metric: .aligned, role: role?.name)
  }
}
