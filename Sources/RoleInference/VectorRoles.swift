import ModelAnatomy
import TensorFiles
import TensorViews

/// The roles of vectors: gains of norms, biases of matrices.
struct VectorRoles {
  /// A vector of a layer in its role.
  struct Piece {
    /// The role.
    var role: Role
    /// The slot of the table.
    var slot: Int
    /// The rows that it covers: the bias of one of several matrices that share a tensor.
    var rows: RowMap?
  }

  /// The vectors with a role.
  private(set) var pieces: [Piece] = []
  /// The distance between the two readings of the norms; nil if there was no choice.
  private(set) var normDistance: Double?

  private let table: LayerTable
  private let width: Int

  /// The roles of the vectors of `table`, given those of its matrices.
  init(_ table: LayerTable, of parameters: [Parameter], width: Int, choice: LayerRoles.Choice, evidence: inout PlanEvidence) {
    self.table = table
    self.width = width
    let vectors = table.slots.indices.filter { table.slots[$0].isVector && table.slots[$0].shape[0] > 1 }
    placeBiases(vectors, choice)
    let placed = Set(pieces.map(\.slot))
    let gains = vectors.filter { slot in
      !placed.contains(slot) && table.slots[slot].shape[0] == width && table.slots[slot].experts.isEmpty
        && Self.isGain(slot, table, evidence.reader)
    }
    placeNorms(gains, choice, &evidence)
    let heads = vectors.filter { slot in
      choice.heads.map { table.slots[slot].shape[0] == $0.size } ?? false && !placed.contains(slot)
    }
    if heads.count == 2, width != table.slots[heads[0]].shape[0] {
      pieces += [Piece(role: .qNorm, slot: heads[0]), Piece(role: .kNorm, slot: heads[1])]
    }
    // A bias of a norm is in the same module.
    for piece in pieces where [Role.inputNorm, .postAttentionNorm].contains(piece.role) {
      let others = vectors.filter { slot in !pieces.contains { $0.slot == slot } && table.slots[slot].shape[0] == width }
      guard let module = Self.module(table.slots[piece.slot].key) else { continue }
      if let bias = others.first(where: { Self.module(table.slots[$0].key) == module }) {
        pieces.append(Piece(role: Role(name: piece.role.name + ".bias"), slot: bias))
      }
    }
  }

  /// Whether a vector's mean is farther from zero than its standard deviation: then it is a gain, not a bias.
  static func isGain(_ values: [Float]) -> Bool {
    guard !values.isEmpty else { return false }
    let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
    let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
    return mean != 0 && mean * mean > variance
  }

  /// The part of a name that all parameters of its module share: all of it except the component after the last separator.
  static func module(_ key: String) -> String? {
    let separators: Set<UInt8> = Set("._-:/|".utf8)
    let numbers = key.utf8.firstIndex(of: UInt8(ascii: "/")) ?? key.utf8.endIndex
    guard let cut = key.utf8[..<numbers].lastIndex(where: { separators.contains($0) }), cut > key.utf8.startIndex else {
      return nil
    }
    return String(key[..<cut]) + key[numbers...]
  }

  private static func isGain(_ slot: Int, _ table: LayerTable, _ reader: NeuronSampler) -> Bool {
    let members = table.sampledLayers(with: [slot]).compactMap { table.slots[slot].members[$0]?.first }
    return members.count { isGain(reader.vector($0)) } * 2 > members.count
  }

  /// Assigns biases: they are in the module of their matrix, or their length is the number of outputs of only one matrix.
  private mutating func placeBiases(_ vectors: [Int], _ choice: LayerRoles.Choice) {
    let plans = [choice.attention, choice.mlp, choice.experts].compactMap(\.self)
    let matrices = plans.flatMap { Array($0.slots).sorted() }
    func outputs(_ slot: Int) -> Int {
      let shape = table.slots[slot].shape.suffix(2)
      let isTransposed = plans.contains { $0.pieces.contains { $0.slot == slot && $0.part.isTransposed } }
      return isTransposed ? shape[shape.startIndex + 1] : shape[shape.startIndex]
    }
    for vector in vectors {
      let slot = table.slots[vector]
      let fitting = matrices.filter { outputs($0) == slot.shape[0] && table.slots[$0].experts == slot.experts }
      let named = fitting.filter { Self.module(table.slots[$0].key).map { $0 == Self.module(slot.key) } ?? false }
      let alike = vectors.count { table.slots[$0].shape == slot.shape }
      let matrix = named.count == 1 ? named[0] : (fitting.count == 1 && alike == 1 && slot.shape[0] != width ? fitting[0] : nil)
      guard let matrix else { continue }
      for piece in plans.flatMap(\.pieces) where piece.slot == matrix {
        pieces.append(Piece(role: Role(name: piece.role.name + ".bias"), slot: vector, rows: piece.part.rows))
      }
    }
  }

  /// Assigns the norm of attention and the norm of the MLP: the gain of each is balanced with the columns of its readers.
  private mutating func placeNorms(_ gains: [Int], _ choice: LayerRoles.Choice, _ evidence: inout PlanEvidence) {
    guard let first = gains.first else { return }
    if gains.count == 1 {
      pieces.append(Piece(role: .inputNorm, slot: first))
      return
    }
    let attention = choice.attention.map { plan in plan.pieces.filter { $0.role != .oProj } } ?? []
    let mlp = ((choice.mlp ?? choice.experts)?.pieces ?? []).filter { $0.role != .downProj }
    var scores: [(input: Int, post: Int, score: PlanEvidence.Score)] = []
    let toAttention = gains.map { Self.balance($0, attention, table, &evidence) }
    let toMLP = gains.map { Self.balance($0, mlp, table, &evidence) }
    for (i, input) in gains.enumerated() {
      for (j, post) in gains.enumerated() where i != j { scores.append((input, post, toAttention[i] + toMLP[j])) }
    }
    guard
      let best = scores.enumerated().min(by: { ($1.element.score.sum, $0.offset) < ($0.element.score.sum, $1.offset) })?.element
    else {
      return
    }
    pieces += [Piece(role: .inputNorm, slot: best.input), Piece(role: .postAttentionNorm, slot: best.post)]
    if let swapped = scores.first(where: { $0.input == best.post && $0.post == best.input }) {
      // Gains that were folded into their readers are all one: their order does not matter.
      let differ = table.sampledLayers(with: [best.input, best.post]).contains { layer in
        let values = [best.input, best.post].map { slot in
          table.slots[slot].members[layer]?.first.map { evidence.reader.vector($0) } ?? []
        }
        return values[0] != values[1]
      }
      if differ { normDistance = best.score.distance(above: swapped.score) }
    }
  }

  private static func balance(
    _ gain: Int, _ pieces: [LayerPlan.Piece], _ table: LayerTable, _ evidence: inout PlanEvidence
  ) -> PlanEvidence.Score {
    var score = PlanEvidence.Score()
    for layer in table.sampledLayers(with: [gain] + pieces.map(\.slot)) {
      guard let parameter = table.slots[gain].members[layer]?.first else { continue }
      let squares = evidence.channelSquares(pieces, layer: layer)
      guard !squares.isEmpty else { continue }
      score.sum += MatrixAffinity.gainBalance(evidence.reader.vector(parameter), channelSquares: squares)
      score.terms += 1
    }
    return score
  }
}

extension PlanEvidence {
  /// The mean squares of the columns of all `pieces` together, each weighted by its size: a gain in front of the pieces is
  /// balanced with them.
  mutating func channelSquares(_ pieces: [LayerPlan.Piece], layer: Int) -> [Double] {
    var sums: [Double] = []
    for piece in pieces {
      guard let cut = cut(piece, layer: layer) else { continue }
      let squares = sample(cut).channelSquares
      sums = sums.isEmpty ? squares : zip(sums, squares).map(+)
    }
    return sums
  }
}
