import LinearAlgebra
import ModelAnatomy
import WeightSimilarity

/// A weight of the candidate and its counterpart in the foundation: pairs of rows in the residual channels, and the transforms
/// that bring the candidate's rows to the foundation's.
struct AlignedRows: Sendable {
  /// Rows that are transformed together: one row, or the rows of a head.
  struct Part: Sendable {
    var candidate: [Int]
    var foundation: [Int]
    var factor: Float = 1
    /// The foundation's rows are this matrix, transposed, times the candidate's; nil for the identity.
    var transform: Matrix?
  }

  var weight: Weight
  var other: Weight
  var parts: [Part]

  /// The number of pairs of rows.
  var count: Int { parts.reduce(0) { $0 + $1.candidate.count } }
}

extension Alignment {
  /// Every weight of the candidate that has a counterpart, with its rows, in the candidate's order.
  func rows() -> [AlignedRows] {
    let indices = (candidate: WeightIndex(candidate), foundation: WeightIndex(foundation))
    let kinds = candidate.neuronRoles
    return candidate.weights.compactMap { weight in
      guard weight.layer == nil || layers[weight.layer ?? 0] != nil else { return nil }
      let kind = weight.layer.flatMap { kinds[$0] }?.first { $0.contains(weight.role) }
      guard let (other, parts) = counterpart(of: weight, kind, indices), !parts.isEmpty else { return nil }
      return AlignedRows(weight: weight, other: other, parts: parts)
    }
  }

  /// `neurons`: the kind of neurons of the layer, if the weight holds them.
  private func counterpart(
    of weight: Weight, _ neurons: NeuronRoles?, _ indices: (candidate: WeightIndex, foundation: WeightIndex)
  ) -> (Weight, [AlignedRows.Part])? {
    let origin = weight.layer.flatMap { layers[$0] }
    func find(_ role: Role, layer: Int?, expert: Int? = nil) -> Weight? {
      indices.foundation.first(role, layer: layer, expert: expert, where: \.isMatrix)
    }
    if let neurons {
      guard
        let unit = units.first(where: {
          $0.layer == weight.layer && $0.expert == weight.expert && $0.roles == neurons
        }),
        let other = find(weight.role, layer: unit.originLayer, expert: unit.originExpert)
      else { return nil }
      return (other, unit.neurons.map { part(of: $0, weight.role, neurons) })
    }
    switch weight.role {
    case .qProj, .kProj, .vProj, .oProj:
      guard let other = find(weight.role, layer: origin) else { return nil }
      if let match = heads.first(where: { $0.layer == weight.layer }) {
        return (other, match.groups.flatMap { parts(of: $0, weight.role, size: match.size) })
      }
      return (weight.rows, weight.columns) == (other.rows, other.columns)
        ? (other, inOrder(weight.role == .oProj ? weight.columns : weight.rows)) : nil
    case .router:
      // A router has one row per expert: the order of its rows is known only if every expert has its original index.
      guard let other = find(.router, layer: origin), other.rows == weight.rows else { return nil }
      let inPlace = units.count { $0.layer == weight.layer && $0.roles == .mlp && $0.expert == $0.originExpert }
      return inPlace == weight.rows ? (other, inOrder(weight.rows)) : nil
    default:
      guard weight.layer == nil, ResidualRows.readers.contains(weight.role) else { return nil }
      let tied = weight.role == .lmHead && foundation.hasTiedEmbeddings == true
      guard let other = find(weight.role, layer: nil) ?? (tied ? find(.embedTokens, layer: nil) : nil) else { return nil }
      return (other, inOrder(min(weight.rows, other.rows)))
    }
  }

  private func inOrder(_ count: Int) -> [AlignedRows.Part] {
    (0..<count).map { AlignedRows.Part(candidate: [$0], foundation: [$0]) }
  }

  /// Scales are undone only if they were traded. Otherwise the changes of length from training would be undone too.
  private func part(of neuron: NeuronAlignment.Neuron, _ role: Role, _ kind: NeuronRoles) -> AlignedRows.Part {
    let scale = neurons.trade.isFound ? neuron.scale : 1
    let factor: Float =
      switch role {
      case kind.up: neuron.sign / scale
      case kind.down: neuron.sign * scale
      default: 1
      }
    return AlignedRows.Part(candidate: [neuron.candidate], foundation: [neuron.foundation], factor: factor)
  }

  private func parts(of group: HeadMatch.Group, _ role: Role, size: Int) -> [AlignedRows.Part] {
    let isValue = role == .vProj || role == .oProj
    let transform = isValue ? group.value : group.key
    let (shared, query) = isValue ? (group.lengths.value, group.lengths.output) : (group.lengths.key, group.lengths.query)
    let scale = headTrade.isFound ? HeadMatch.scale(shared, query) : 1
    let isShared = role == .kProj || role == .vProj
    let pairs = isShared ? [(candidate: group.candidate, foundation: group.foundation)] : group.queries
    return pairs.map { pair in
      AlignedRows.Part(
        candidate: Array(pair.candidate * size..<(pair.candidate + 1) * size),
        foundation: Array(pair.foundation * size..<(pair.foundation + 1) * size),
        factor: isShared ? 1 / scale : scale, transform: transform.kind == .same ? nil : transform.matrix)
    }
  }
}
