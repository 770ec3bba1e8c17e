/// Parameters divided into layers, before any has a role. A slot holds the parameters that correspond to each other in all
/// layers.
struct LayerTable: Sendable {
  /// The source of the layers, the most reliable first.
  enum Basis: Sendable {
    /// Numbers in names.
    case numbers
    /// A sequence of shapes that repeats, in the order of names or of the file.
    case order
    /// The weights, if nothing else was available.
    case weights
  }

  /// The corresponding parameters of all layers.
  struct Slot: Sendable {
    /// The common part of the parameters' names, if the slot was made from names; otherwise the name of the first one.
    var key: String
    /// Their common shape.
    var shape: [Int]
    /// The experts' numbers, ascending; empty for a slot with one parameter per layer.
    var experts: [Int] = []
    /// Layer → parameter, or a parameter for each of `experts`.
    var members: [Int: [Int]] = [:]

    /// True for one matrix, or one for each expert.
    var isMatrix: Bool { shape.count == 2 && shape[0] > 1 && shape[1] > 1 }
    /// True for a stack of matrices, one for each expert.
    var isStack: Bool { shape.count == 3 && shape[1] > 1 && shape[2] > 1 }
    /// True for a vector.
    var isVector: Bool { shape.count == 1 }
  }

  /// The layers' numbers, ascending.
  var layers: [Int]
  /// The slots, in a fixed order.
  var slots: [Slot]
  /// Parameters outside of all layers, ascending.
  var outside: [Int]
  /// The source of the layers.
  var basis: Basis

  /// Up to four layers, spread over all layers that have all of `slots`: their weights are the sample. The first and the last
  /// layer differ from the others in most models.
  func sampledLayers(with slots: [Int]) -> [Int] {
    let complete = layers.filter { layer in slots.allSatisfy { self.slots[$0].members[layer] != nil } }
    guard complete.count > 4 else { return complete }
    return (1...4).map { complete[$0 * complete.count / 5] }
  }
}
