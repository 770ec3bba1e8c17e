import ModelAnatomy
import ReadingFacts
import TensorViews

/// The role of each slot of a layer, as far as shapes determine it.
///
/// A plan cuts slots into the matrices of attention and of the MLP; a slot may hold several (q, k and v in one tensor).
struct LayerPlan: Sendable, Hashable {
  /// A matrix of a layer in its role.
  struct Piece: Sendable, Hashable {
    /// The role of the matrix.
    var role: Role
    /// The slot of the table that holds it.
    var slot: Int
    /// The part of the slot's parameter; for experts in one tensor, of each of them.
    var part: Parameter.Part
  }

  /// The matrices, each role at most once.
  var pieces: [Piece]
  /// The head layout that the split of a fused tensor needs; nil if any layout will do.
  var heads: HeadLayout?
  /// Unusual properties of the plan, for the notes.
  var remarks: [InferenceFact] = []

  /// The piece in a role.
  func piece(_ role: Role) -> Piece? { pieces.first { $0.role == role } }
  /// The slots that have a role.
  var slots: Set<Int> { Set(pieces.map(\.slot)) }
}

/// All plans that the shapes of a layer's matrices allow.
struct LayerPlanner {
  /// A matrix of a layer: its slot in the table and its sides.
  private struct Matrix {
    var slot: Int
    var outputs: Int
    var inputs: Int
  }

  /// Plans beyond this number are not tried: a layer of seven square matrices has 5040.
  private static let mostPlans = 10_000
  /// Layers of more matrices than this have no plans: the supported layers have at most eleven, beside experts.
  private static let mostMatrices = 11

  private let width: Int
  private let isTransposed: Bool
  private let headSizes: [Int]
  private let matrices: [Matrix]

  /// A planner for `slots` of `table` at a width; with `isTransposed` all matrices are `[in, out]`, as in GPT-2. `headSizes` are
  /// the sizes that norms of heads give; empty if there are none.
  init(_ slots: [Int], of table: LayerTable, width: Int, isTransposed: Bool, headSizes: [Int]) {
    self.width = width
    self.isTransposed = isTransposed
    self.headSizes = headSizes
    matrices = (slots.count > Self.mostMatrices ? [] : slots).map { slot in
      let shape = table.slots[slot].shape.suffix(2)
      let (first, last) = (shape[shape.startIndex], shape[shape.startIndex + 1])
      return Matrix(slot: slot, outputs: isTransposed ? last : first, inputs: isTransposed ? first : last)
    }
  }

  /// Attention: q, k, v and o separate, or q, k and v in one tensor, in every layout that fits.
  func attention() -> [LayerPlan] {
    var plans: [LayerPlan] = []
    for o in matrices where o.outputs == width {
      for fused in matrices where fused.slot != o.slot && fused.inputs == width && fused.outputs > o.inputs {
        plans += split(fused, o)
      }
      for q in matrices where q.slot != o.slot && q.inputs == width && q.outputs == o.inputs {
        for k in matrices where k.inputs == width && q.outputs % k.outputs == 0 && k.slot != q.slot && k.slot != o.slot {
          for v in matrices where v.outputs == k.outputs && v.inputs == width && ![q.slot, k.slot, o.slot].contains(v.slot) {
            if plans.count >= Self.mostPlans { return plans }
            plans.append(LayerPlan(pieces: [piece(.qProj, q), piece(.kProj, k), piece(.vProj, v), piece(.oProj, o)]))
          }
        }
      }
    }
    return plans
  }

  /// The MLP: gate, up and down separate, gate and up in one tensor, or only up and down.
  func mlp() -> [LayerPlan] {
    var plans: [LayerPlan] = []
    for down in matrices where down.outputs == width {
      for up in matrices where up.slot != down.slot && up.inputs == width {
        if up.outputs == 2 * down.inputs { plans += halves(up, down) }
        guard up.outputs == down.inputs else { continue }
        plans.append(LayerPlan(pieces: [piece(.upProj, up), piece(.downProj, down)]))
        for gate in matrices
        where ![up.slot, down.slot].contains(gate.slot) && gate.inputs == width && gate.outputs == up.outputs {
          plans.append(LayerPlan(pieces: [piece(.gateProj, gate), piece(.upProj, up), piece(.downProj, down)]))
        }
      }
    }
    return plans
  }

  private func piece(_ role: Role, _ matrix: Matrix, rows: RowMap? = nil) -> LayerPlan.Piece {
    LayerPlan.Piece(role: role, slot: matrix.slot, part: Parameter.Part(isTransposed: isTransposed, rows: rows))
  }

  /// q, k and v of one tensor: one after the other, or head by head and group by group (`fused_recipes` of architectures.json).
  private func split(_ fused: Matrix, _ o: Matrix) -> [LayerPlan] {
    let (queries, keys) = (o.inputs, (fused.outputs - o.inputs) / 2)
    guard keys > 0, (fused.outputs - queries) % 2 == 0, keys <= queries, queries % keys == 0 else { return [] }
    let block = [
      piece(.qProj, fused, rows: RowMap(0..<queries)), piece(.kProj, fused, rows: RowMap(queries..<queries + keys)),
      piece(.vProj, fused, rows: RowMap(queries + keys..<queries + 2 * keys)), piece(.oProj, o),
    ]
    var plans = [LayerPlan(pieces: block, remarks: [.fused(.attentionInSequence)])]
    for heads in HeadLayout.layouts(queries: queries, keys: keys, known: headSizes) where keys > heads.size {
      let (size, group) = (heads.size, heads.group)
      func rows(_ first: Int, _ count: Int) -> RowMap {
        RowMap(
          first: first * size,
          steps: [.init(count: keys / size, stride: (group + 2) * size), .init(count: count * size, stride: 1)])
      }
      let pieces = [
        piece(.qProj, fused, rows: rows(0, group)), piece(.kProj, fused, rows: rows(group, 1)),
        piece(.vProj, fused, rows: rows(group + 1, 1)), piece(.oProj, o),
      ]
      plans.append(LayerPlan(pieces: pieces, heads: heads, remarks: [.fused(.attentionByHead)]))
    }
    return plans
  }

  /// Gate and up of one tensor: halves in either order, or alternating rows.
  private func halves(_ fused: Matrix, _ down: Matrix) -> [LayerPlan] {
    let count = down.inputs
    let maps: [(RowMap, RowMap, InferenceFact.Fusion)] = [
      (RowMap(0..<count), RowMap(count..<2 * count), .gateFirst),
      (RowMap(count..<2 * count), RowMap(0..<count), .upFirst),
      (
        RowMap(first: 0, steps: [.init(count: count, stride: 2)]), RowMap(first: 1, steps: [.init(count: count, stride: 2)]),
        .alternatingRows
      ),
    ]
    return maps.map { gate, up, fusion in
      let pieces = [piece(.gateProj, fused, rows: gate), piece(.upProj, fused, rows: up), piece(.downProj, down)]
      return LayerPlan(pieces: pieces, remarks: [.fused(fusion)])
    }
  }
}
