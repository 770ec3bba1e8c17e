import TensorFiles
import TensorViews

/// Layers grouped by their weights, if neither names nor any order give them: a flat, shuffled list of tensors.
///
/// 1. Shapes alone give the content of a layer: the number of matrices of each shape, and the possible plans of roles.
/// 2. Gate and up rows of one MLP are related neuron by neuron, and so are their columns of down (``MatrixAffinity``).
/// 3. q and k, and v and o, of one attention are balanced head by head.
/// 4. The directions that attention and MLP of one layer write to, and those that they read, overlap more than in different
///    layers: this joins them, and it is the least certain step.
/// 5. A gain is balanced with the columns of its readers.
///
/// The layers' numbers have no meaning. Only plain layers are grouped (no experts, no MLP as wide as the residual stream), at
/// most 256. Cost: reads 512 vectors of 1024 channels of every matrix (of heads, at least two heads), and compares 256 × 256 of
/// all with all: a second for 32 layers.
struct WeightGrouping {
  /// More layers than any model has; it limits the cost of comparing all with all.
  static let mostLayers = 256

  let parameters: [Parameter]
  let width: Int
  let layers: Int
  var reader: NeuronSampler

  /// The layers of `parameters`, or nil if their shapes are not those of plain layers.
  static func table(of parameters: [Parameter], width: Int, layers: Int, reader: NeuronSampler) -> LayerTable? {
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

  /// The matrices of one attention or MLP, in a fixed order.
  struct Block {
    /// The readers of the residual stream.
    var readers: [MatrixCut]
    /// The writer.
    var writer: MatrixCut
  }

  /// All attentions, and the score of their pairs.
  struct Heads {
    /// Queries with keys.
    var queries: [[MatrixCut]]
    /// Values with outputs.
    var outputs: [Block]
    /// Whether queries and outputs of one index are in one tensor, so that no joining is needed.
    var isJoined = false
    /// The sum of ``MatrixAffinity``.
    var score = 0.0
  }

  // MARK: Joining

  /// The layers, each of one attention and its MLP.
  private mutating func joined(_ heads: Heads, _ mlps: [Block]) -> LayerTable {
    let mlpOfOutput = mlpsOfOutputs(heads.outputs, mlps)
    let mlps = mlpOfOutput.map { mlps[$0] }
    let attentions = attentions(heads, beside: mlps)
    // Layers by the first tensor of their attention, as a fixed order.
    let order = attentions.indices.sorted { attentions[$0].writer.parameter < attentions[$1].writer.parameter }
    return table(order.map { attentions[$0] }, order.map { mlps[$0] })
  }

  /// For each output of attention the index of the MLP of its layer: both write to similar directions and read from similar
  /// directions, and the MLP reads directly what attention writes.
  private mutating func mlpsOfOutputs(_ outputs: [Block], _ mlps: [Block]) -> [Int] {
    let values = outputs.map { ($0.readers[0], MatrixCut.Side.outputs) }
    let writers = outputs.map { ($0.writer, MatrixCut.Side.inputs) }
    let gates = mlps.map { ($0.readers[0], MatrixCut.Side.outputs) }
    return best([
      overlaps(writers, mlps.map { ($0.writer, .inputs) }), overlaps(values, gates), overlaps(writers, gates),
    ])
  }

  /// The attentions with queries and keys before their values; `mlps` are those of the same layers.
  private mutating func attentions(_ heads: Heads, beside mlps: [Block]) -> [Block] {
    var attentions = heads.outputs
    var outputOfQuery = Array(heads.queries.indices)
    if !heads.isJoined {
      let queries = heads.queries.map { ($0[0], MatrixCut.Side.outputs) }
      let values = heads.outputs.map { ($0.readers[0], MatrixCut.Side.outputs) }
      let gates = mlps.map { ($0.readers[0], MatrixCut.Side.outputs) }
      outputOfQuery = best([overlaps(queries, values), overlaps(queries, gates)])
    }
    for (cuts, output) in zip(heads.queries, outputOfQuery) { attentions[output].readers = cuts + attentions[output].readers }
    return attentions
  }

  /// The table of layers of these attentions and MLPs, in their order.
  private mutating func table(_ attentions: [Block], _ mlps: [Block]) -> LayerTable {
    var columns: [[Int]] = []
    for blocks in [attentions, mlps] {
      for i in blocks[0].readers.indices { columns.append(blocks.map { $0.readers[i].parameter }) }
      columns.append(blocks.map(\.writer.parameter))
    }
    columns += norms(attentions, mlps)
    var slots: [LayerTable.Slot] = []
    for column in columns {
      guard let first = column.first else { continue }
      var slot = LayerTable.Slot(key: parameters[first].name, shape: parameters[first].shape)
      for (layer, parameter) in column.enumerated() { slot.members[layer] = [parameter] }
      // Parts of one tensor are one slot.
      if !slots.contains(where: { $0.members == slot.members }) { slots.append(slot) }
    }
    let inside = Set(slots.flatMap { $0.members.values.joined() })
    return LayerTable(
      layers: Array(0..<layers), slots: slots, outside: parameters.indices.filter { !inside.contains($0) }, basis: .weights)
  }

  /// The assignment with the largest sum over several matrices of scores.
  private func best(_ scores: [[[Double]]]) -> [Int] {
    var sum = scores[0]
    for more in scores.dropFirst() { for i in sum.indices { for j in sum.indices { sum[i][j] += more[i][j] } } }
    return HungarianMethod.assignment(sum)
  }

  /// How much the directions of each matrix of one list overlap with those of each matrix of the other, standardised.
  mutating func overlaps(
    _ first: [(cut: MatrixCut, side: MatrixCut.Side)], _ second: [(cut: MatrixCut, side: MatrixCut.Side)]
  ) -> [[Double]] {
    let a = first.map { reader.sample($0.cut, $0.side, count: Self.directions).secondMoments }
    let b = second.map { reader.sample($0.cut, $0.side, count: Self.directions).secondMoments }
    return HungarianMethod.standardised(
      a.map { x in
        b.map { y in
          var sum = 0.0
          for i in 0..<min(x.count, y.count) { sum += Double(x[i] * y[i]) }
          return sum
        }
      })
  }

  /// Number of vectors that sample a matrix's directions: with 64 of them, 57 of 72 layers of models of width 64 to 384 were
  /// joined correctly, with 352 of them 70.
  private static let directions = 512

  /// The gains of each layer: one list for the norm of attention and one for that of the MLP; only one list if a layer has one
  /// norm.
  private mutating func norms(_ attentions: [Block], _ mlps: [Block]) -> [[Int]] {
    let gains = parameters.indices.filter { parameters[$0].shape == [width] && VectorRoles.isGain(reader.vector($0)) }
    let each = gains.count / layers
    guard each == 1 || each == 2 else { return [] }
    let readers = (each == 1 ? [attentions] : [attentions, mlps]).map { blocks in blocks.map(\.readers) }
    var pairs: [(score: Double, gain: Int, norm: Int, layer: Int)] = []
    for (norm, blocks) in readers.enumerated() {
      for (layer, cuts) in blocks.enumerated() {
        let squares = cuts.map { reader.sample($0, .outputs, count: 256).channelSquares }
        let sums = squares.dropFirst().reduce(squares[0]) { zip($0, $1).map(+) }
        for gain in gains {
          pairs.append((MatrixAffinity.gainBalance(reader.vector(gain), channelSquares: sums), gain, norm, layer))
        }
      }
    }
    // The most certain first; gains without information (folded away, all one) are assigned in order.
    pairs.sort { ($1.score, $0.gain, $0.norm, $0.layer) < ($0.score, $1.gain, $1.norm, $1.layer) }
    var columns = readers.map { _ in [Int](repeating: -1, count: layers) }
    var used: Set<Int> = []
    for pair in pairs where columns[pair.norm][pair.layer] < 0 && !used.contains(pair.gain) {
      columns[pair.norm][pair.layer] = pair.gain
      used.insert(pair.gain)
    }
    return columns
  }
}
