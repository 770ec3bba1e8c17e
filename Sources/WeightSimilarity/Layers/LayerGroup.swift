import ElementTypes
package import ModelAnatomy
import TensorFiles

/// The matrices of one role, expert and shape in all layers of two models: one product compares them all.
package struct LayerGroup: Sendable {
  /// One layer's matrix.
  package struct Member: Sendable {
    /// The layer's position in the stack, from 0.
    package var position: Int
    package var weight: Weight
  }

  /// The candidate's layers that have the matrix, ascending.
  package var candidate: [Member]
  /// The foundation's layers that have the matrix, ascending.
  package var foundation: [Member]
  /// Count of numbers of one matrix: its elements, or twice as many if they are complex.
  var elements: Int

  /// True when the numbers of every member are stored consecutively.
  var isStored: Bool { (candidate + foundation).allSatisfy { $0.weight.stored != nil } }

  /// The bytes of the members, those of the candidate first; nil unless all are stored as bf16 and can be multiplied as such.
  var bf16Runs: [TensorSlice]? {
    let members = candidate + foundation
    let runs = members.compactMap(\.weight.stored)
    return runs.count == members.count && runs.allSatisfy { $0.type == .bf16 } ? runs : nil
  }

  /// Bits that one number takes in all members together.
  var bits: Int {
    (candidate + foundation).reduce(0) { $0 + $1.weight.bitsPerNumber }
  }

  /// Bytes of all members.
  var bytes: Int { bits * elements / 8 }

  /// Columns of a block of the widened rows of all members.
  var blockColumns: Int { Self.blockColumns(rows: candidate.count + foundation.count) }

  /// Columns of a block with this number of rows: 180 KB of f32, which together with the bytes read ahead stay in a core's cache
  /// between widening and product.
  static func blockColumns(rows: Int) -> Int {
    min(max(45_056 / max(rows, 1) / 512 * 512, 512), 1 << 13)
  }

  /// The groups that both models have, by role and expert; only those of `role` if it is given.
  package static func groups(candidate: Anatomy, foundation: Anatomy, role: Role?) -> [LayerGroup] {
    let (rows, columns) = (members(of: candidate, role), members(of: foundation, role))
    return rows.keys.sorted().compactMap { key in
      // Experts are compared with the dense MLP if the foundation has only that.
      let dense = ShapedKey(weight: key.weight.dense, shape: key.shape, components: key.components)
      guard let candidate = rows[key], let foundation = columns[key] ?? (key.weight.expert == nil ? nil : columns[dense]) else {
        return nil
      }
      return LayerGroup(
        candidate: candidate, foundation: foundation, elements: candidate[0].weight.parameters * key.components)
    }
  }

  private static func members(of anatomy: Anatomy, _ role: Role?) -> [ShapedKey: [Member]] {
    let positions = Dictionary(uniqueKeysWithValues: zip(anatomy.layerNumbers, 0...))
    var found: [ShapedKey: [Member]] = [:]
    for weight in anatomy.weights where weight.isMatrix && (role == nil || weight.role == role) {
      guard let position = weight.layer.flatMap({ positions[$0] }) else { continue }
      // One group holds the matrices of all layers.
      var key = ShapedKey(weight)
      key.weight.layer = nil
      found[key, default: []].append(Member(position: position, weight: weight))
    }
    return found
  }
}
