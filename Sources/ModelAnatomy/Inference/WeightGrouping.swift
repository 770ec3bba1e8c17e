import Safetensors

/// Layers put together by their weights, where neither names nor any order tell them: a flat, shuffled list of tensors.
///
/// 1. Shapes alone say what a layer is made of: so many of each shape, which plans of roles.
/// 2. Gate and up rows of one MLP lean on each other neuron by neuron, and so do their columns of down (``Relations``).
/// 3. q and k, and v and o, of one attention are balanced head by head.
/// 4. What attention and MLP of one layer write to, and what they read, overlaps more than in other layers: this joins them, and it is
///    the least sure step.
/// 5. A gain is balanced with the columns of what reads it.
///
/// The layers' numbers mean nothing. Only plain layers are put together (no experts, no MLP as wide as the residual stream), of 256 at
/// most. Cost: reads 256 vectors of 512 channels of every matrix (of heads, two heads at least), and O(layers²) comparisons of them.
struct WeightGrouping {
  /// More layers than any model has; comparing all with all has an end.
  static let mostLayers = 256

  let parameters: [Parameter]
  let width: Int
  let layers: Int
  var reader: SpecimenReader

  /// The layers of `parameters`, or nil when their shapes are not those of plain layers.
  static func table(of parameters: [Parameter], width: Int, layers: Int, reader: SpecimenReader) -> LayerTable? {
    guard layers <= mostLayers else { return nil }
    var grouping = WeightGrouping(parameters: parameters, width: width, layers: layers, reader: reader)
    return grouping.table()
  }

  private mutating func table() -> LayerTable? {
    let classes = Dictionary(grouping: parameters.indices, by: { parameters[$0].shape })
    for isTransposed in [false, true] {
      guard let plan = ShapePlan(classes, width: width, layers: layers, isTransposed: isTransposed) else { continue }
      guard let mlps = mlps(plan), let attentions = attentions(plan) else { continue }
      return joined(attentions, mlps, isTransposed: isTransposed)
    }
    return nil
  }

  /// The matrices of one attention or MLP: parameters in a fixed order of places.
  struct Block {
    /// The readers of the residual stream.
    var readers: [MatrixCut]
    /// The writer.
    var writer: MatrixCut
  }

  private mutating func joined(_ attentions: [Block], _ mlps: [Block], isTransposed: Bool) -> LayerTable {
    let writers = overlaps(attentions.map { ($0.writer, .inputs) }, mlps.map { ($0.writer, .inputs) })
    let reads = overlaps(attentions.map { ($0.readers[$0.readers.count - 1], .outputs) }, mlps.map { ($0.readers[0], .outputs) })
    let passes = overlaps(attentions.map { ($0.writer, .inputs) }, mlps.map { ($0.readers[0], .outputs) })
    var scores = writers
    for i in 0..<layers { for j in 0..<layers { scores[i][j] += reads[i][j] + passes[i][j] } }
    let mlpOf = Assignment.best(scores)
    // Layers by their first attention tensor, as a fixed order.
    let order = attentions.indices.sorted { attentions[$0].writer.parameter < attentions[$1].writer.parameter }
    var slots: [LayerTable.Slot] = []
    func add(_ column: [Int]) {
      guard let first = column.first else { return }
      var slot = LayerTable.Slot(key: parameters[first].name, shape: parameters[first].shape)
      for (layer, parameter) in column.enumerated() { slot.members[layer] = [parameter] }
      // Parts of one tensor are one slot.
      if !slots.contains(where: { $0.members == slot.members }) { slots.append(slot) }
    }
    for place in attentions[0].readers.indices { add(order.map { attentions[$0].readers[place].parameter }) }
    add(order.map { attentions[$0].writer.parameter })
    for place in mlps[0].readers.indices { add(order.map { mlps[mlpOf[$0]].readers[place].parameter }) }
    add(order.map { mlps[mlpOf[$0]].writer.parameter })
    for column in norms(order.map { attentions[$0] }, order.map { mlps[mlpOf[$0]] }) { add(column) }
    let inside = Set(slots.flatMap { $0.members.values.joined() })
    return LayerTable(
      layers: Array(0..<layers), slots: slots, outside: parameters.indices.filter { !inside.contains($0) }, basis: .weights)
  }

  /// How much the directions of each matrix of one list overlap with those of each of the other, standardised. Rows of a projection of
  /// heads, or columns: 64 of them are a sample.
  private mutating func overlaps(
    _ first: [(cut: MatrixCut, side: MatrixCut.Side)], _ second: [(cut: MatrixCut, side: MatrixCut.Side)]
  ) -> [[Double]] {
    let a = first.map { reader.specimen($0.cut, $0.side, count: 64) }
    let b = second.map { reader.specimen($0.cut, $0.side, count: 64) }
    let scores = a.map { x in
      b.map { y in
        var sum = 0.0
        for i in 0..<x.count {
          for k in 0..<y.count {
            let cosine = Double(x.cosine(i, y, k))
            sum += cosine * cosine
          }
        }
        return sum / Double(max(x.count * y.count, 1))
      }
    }
    return Assignment.standardised(scores)
  }

  /// The gains of each layer, one list for attention's norm and one for the MLP's; only one where a layer has one.
  private mutating func norms(_ attentions: [Block], _ mlps: [Block]) -> [[Int]] {
    let gains = parameters.indices.filter { parameters[$0].shape == [width] && VectorRoles.isGain(reader.vector($0)) }
    let each = gains.count / layers
    guard each == 1 || each == 2 else { return [] }
    let readers = (each == 1 ? [attentions] : [attentions, mlps]).map { blocks in blocks.map(\.readers) }
    var pairs: [(score: Double, gain: Int, place: Int, layer: Int)] = []
    for (place, blocks) in readers.enumerated() {
      for (layer, cuts) in blocks.enumerated() {
        let squares = cuts.map { reader.specimen($0, .outputs, count: 256).channelSquares }
        let sums = squares.dropFirst().reduce(squares[0]) { zip($0, $1).map(+) }
        for gain in gains { pairs.append((Relations.gainBalance(reader.vector(gain), channelSquares: sums), gain, place, layer)) }
      }
    }
    // The surest first; gains that say nothing (folded away, all one) are dealt out in order.
    pairs.sort { ($1.score, $0.gain, $0.place, $0.layer) < ($0.score, $1.gain, $1.place, $1.layer) }
    var columns = readers.map { _ in [Int](repeating: -1, count: layers) }
    var used: Set<Int> = []
    for pair in pairs where columns[pair.place][pair.layer] < 0 && !used.contains(pair.gain) {
      columns[pair.place][pair.layer] = pair.gain
      used.insert(pair.gain)
    }
    return columns
  }
}
