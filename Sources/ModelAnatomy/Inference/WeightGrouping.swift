import TensorFiles

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
/// most. Cost: reads 512 vectors of 1024 channels of every matrix (of heads, two heads at least), and compares 256 × 256 of all with all:
/// a second for 32 layers.
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
      var best: (score: Double, heads: Heads, mlps: [Block])?
      for plan in ShapePlan.plans(classes, width: width, layers: layers, isTransposed: isTransposed) {
        guard let mlps = mlps(plan), let heads = attentions(plan) else { continue }
        let score = mlps.score + heads.score
        if best.map({ score > $0.score }) ?? true { best = (score, heads, mlps.blocks) }
      }
      if let best { return joined(best.heads, best.mlps) }
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

  /// All attentions, and how well they fit together.
  struct Heads {
    /// Queries with keys.
    var queries: [[MatrixCut]]
    /// Values with outputs.
    var outputs: [Block]
    /// Whether queries and outputs of an index are of one tensor, so that nothing has to be joined.
    var isJoined = false
    /// The sum of ``Relations``.
    var score = 0.0
  }

  private mutating func joined(_ heads: Heads, _ mlps: [Block]) -> LayerTable {
    // Both of a layer write to like places, and read from like places, and what attention writes the MLP reads at once.
    let values = heads.outputs.map { ($0.readers[0], MatrixCut.Side.outputs) }
    let writers = heads.outputs.map { ($0.writer, MatrixCut.Side.inputs) }
    let gates = mlps.map { ($0.readers[0], MatrixCut.Side.outputs) }
    let mlpOf = best([
      overlaps(writers, mlps.map { ($0.writer, .inputs) }), overlaps(values, gates), overlaps(writers, gates),
    ])
    var attentions = heads.outputs
    if !heads.isJoined {
      let queries = heads.queries.map { ($0[0], MatrixCut.Side.outputs) }
      let outputOf = best([overlaps(queries, values), overlaps(queries, mlpOf.map { gates[$0] })])
      for (cuts, output) in zip(heads.queries, outputOf) { attentions[output].readers = cuts + attentions[output].readers }
    } else {
      for (i, cuts) in heads.queries.enumerated() { attentions[i].readers = cuts + attentions[i].readers }
    }
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

  /// The assignment by the sum of several matrices of scores.
  private func best(_ scores: [[[Double]]]) -> [Int] {
    var sum = scores[0]
    for more in scores.dropFirst() { for i in sum.indices { for j in sum.indices { sum[i][j] += more[i][j] } } }
    return Assignment.best(sum)
  }

  /// How much the directions of each matrix of one list overlap with those of each of the other, standardised.
  mutating func overlaps(
    _ first: [(cut: MatrixCut, side: MatrixCut.Side)], _ second: [(cut: MatrixCut, side: MatrixCut.Side)]
  ) -> [[Double]] {
    let a = first.map { reader.specimen($0.cut, $0.side, count: Self.directions).secondMoments }
    let b = second.map { reader.specimen($0.cut, $0.side, count: Self.directions).secondMoments }
    return Assignment.standardised(
      a.map { x in
        b.map { y in
          var sum = 0.0
          for i in 0..<min(x.count, y.count) { sum += Double(x[i] * y[i]) }
          return sum
        }
      })
  }

  /// Vectors whose directions are a sample of a matrix's: with 64 of them 57 of 72 layers of models of width 64 to 384 were joined as
  /// they are, with 352 of them 70.
  private static let directions = 512

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
