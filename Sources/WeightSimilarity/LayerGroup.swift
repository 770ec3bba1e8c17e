import ElementTypes
import ModelAnatomy
import TensorFiles

/// The matrices of one role, expert and shape in all layers of two models: what one product compares.
struct LayerGroup: Sendable {
  /// One layer's matrix.
  struct Member: Sendable {
    /// The layer's place in the stack, from 0.
    var position: Int
    var weight: Weight
  }

  /// The candidate's layers that have the matrix, ascending.
  var candidate: [Member]
  /// Likewise the foundation's.
  var foundation: [Member]
  /// Numbers of one matrix: its elements, twice as many where they are complex.
  var elements: Int

  /// True when the numbers of every member lie one after the other.
  var isStored: Bool { (candidate + foundation).allSatisfy { $0.weight.stored != nil } }

  /// The members' bytes, candidate's first, when all of them are stored as bf16 and can be multiplied like that.
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

  /// Columns of a block of so many rows: 180 KB of f32, which with what is read ahead stay in a core's cache between widening and
  /// product (22 layers against 22, 4.4 GB of bf16: 512 columns took 0.36 s, 1024 0.32 s, 2048 0.39 s).
  static func blockColumns(rows: Int) -> Int {
    min(max(45_056 / max(rows, 1) / 512 * 512, 512), 1 << 13)
  }

  private struct Key: Hashable {
    var role: Role
    var expert: Int?
    var shape: [Int]
    var components: Int
  }

  /// The groups that both models have, by role and expert; those of `role` alone when it is given.
  static func groups(candidate: Anatomy, foundation: Anatomy, role: Role?) -> [LayerGroup] {
    let (a, b) = (members(of: candidate, role), members(of: foundation, role))
    let order = { (key: Key) in (key.role, key.expert ?? -1, key.shape.description, key.components) }
    return a.keys.sorted { order($0) < order($1) }
      .compactMap { key in
        // Experts are held against a dense MLP where the foundation has that.
        let dense = Key(role: key.role, expert: nil, shape: key.shape, components: key.components)
        guard let rows = a[key], let columns = b[key] ?? (key.expert == nil ? nil : b[dense]) else { return nil }
        return LayerGroup(candidate: rows, foundation: columns, elements: rows[0].weight.parameters * key.components)
      }
  }

  private static func members(of anatomy: Anatomy, _ role: Role?) -> [Key: [Member]] {
    let positions = Dictionary(uniqueKeysWithValues: zip(anatomy.layerNumbers, 0...))
    var found: [Key: [Member]] = [:]
    for weight in anatomy.weights where weight.isMatrix && (role == nil || weight.role == role) {
      guard let position = weight.layer.flatMap({ positions[$0] }) else { continue }
      let key = Key(
        role: weight.role, expert: weight.expert, shape: weight.shape, components: weight.components)
      found[key, default: []].append(Member(position: position, weight: weight))
    }
    return found
  }
}
