import ModelAnatomy

/// Matrices of a model that start in the same way, if they start by a formula: those of one role and shape, in all layers. A role that only
/// one layer has counts with the others of its shape.
struct StartGroup: Hashable, Sendable, Comparable {
  private let role: Role?
  private let shape: [Int]

  /// The matrices of the role of `weight`; of all roles, if `anyRole`.
  init(_ weight: Weight, anyRole: Bool = false) { (role, shape) = (anyRole ? nil : weight.role, weight.shape) }

  /// Orders by role, then by shape as text: the order is the same in every run.
  static func < (left: StartGroup, right: StartGroup) -> Bool {
    (left.role?.name ?? "", left.shape.description) < (right.role?.name ?? "", right.shape.description)
  }

  /// The matrices of each group that has two or more: `most` of adjacent layers in the middle of the model, of one expert in each layer.
  /// O(weights).
  static func groups(_ anatomy: Anatomy, most: Int) -> [StartGroup: [Weight]] {
    var byLayer: [StartGroup: [Int: Weight]] = [:]
    for weight in anatomy.weights {
      guard let layer = weight.layer, RowSample.suits(weight), weight.components == 1 else { continue }
      let known = byLayer[StartGroup(weight)]?[layer]
      if known.map({ (weight.expert ?? -1) < ($0.expert ?? -1) }) ?? true {
        byLayer[StartGroup(weight), default: [:]][layer] = weight
      }
    }
    var found = byLayer.mapValues { weights in weights.sorted { $0.key < $1.key }.map(\.value) }
    for (group, weights) in found.sorted(by: { $0.key < $1.key }) where weights.count == 1 {
      found[group] = nil
      found[StartGroup(weights[0], anyRole: true), default: []].append(weights[0])
    }
    return found.compactMapValues { weights in
      let count = min(most, weights.count)
      let first = (weights.count - count) / 2
      return count > 1 ? Array(weights[first..<first + count]) : nil
    }
  }
}
