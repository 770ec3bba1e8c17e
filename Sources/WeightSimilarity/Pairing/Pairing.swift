import Adapters
import Checkpoints
import ElementTypes
package import ModelAnatomy
import ReadingFacts
import TensorFiles
import TensorViews

/// Which weight of a candidate is compared with which weight of a foundation, element by element: same role, layer and shape.
///
/// ```swift
/// let pairing = Pairing(candidate: fineTune, foundation: base)
/// pairing.coverage              // the share of the candidate's parameters that have a counterpart
/// pairing.unmatchedCandidate    // the names of its tensors that have none
/// ```
///
/// A pairing depends on names and shapes alone: it reads no weights. If layers, experts or roles have to be chosen by the values
/// of the weights, `PairingChoice` (Matching) makes the choices, and the pairing keeps them as values. Every tensor of both
/// checkpoints is in a pair or in one of the unmatched lists. Cost: O(weights).
package struct Pairing: Sendable {
  /// The model whose origin you want to know.
  package let candidate: Anatomy
  /// The model that the candidate may come from.
  package let foundation: Anatomy
  /// The pairs in the candidate's order: by layer, role and expert.
  package let pairs: [WeightPair]
  /// Tensors that are not weights (codes and scales of quantised matrices, integers, buffers) and have the same name, type and
  /// shape in both models. They are compared for equality alone.
  let stored: [WeightPair]
  /// True when a weight, a code or an integer of either model has no counterpart. Buffers and scales of activations do not
  /// matter.
  let isIncomplete: Bool
  /// Which layer each of the candidate's layers comes from; nil if layers are paired by number.
  package let order: LayerOrder?
  /// Which experts the candidate's dense layers are compared with; nil if there was nothing to choose.
  package let choice: ExpertChoice?
  /// How the models were read; nil if names give the roles.
  package let readings: ReadingChoice?
  /// Names of the candidate's tensors without a counterpart, weights and others, in name order.
  package let unmatchedCandidate: [String]
  /// Names of the foundation's tensors without a counterpart, in name order.
  package let unmatchedFoundation: [String]
  /// Limits of this pairing.
  package let caveats: [Caveat]

  /// Pairs weights by role, layer and expert.
  ///
  /// `order`: which layer of the foundation each layer of the candidate is compared with; without it, and for layers that it does
  /// not have, the layer with the same number. An expert is compared with the dense MLP where the foundation has only that, a
  /// dense MLP with the expert that `choice` names. `readings`: the choice that gave these two readings, which is kept.
  package init(
    candidate: Anatomy, foundation: Anatomy, order: LayerOrder? = nil, choice: ExpertChoice? = nil, readings: ReadingChoice? = nil
  ) {
    var found = Self.matched(candidate, foundation, order, choice)
    found.pairTiedHead(candidate, foundation)
    self.candidate = candidate
    self.foundation = foundation
    self.order = order
    self.choice = choice
    self.readings = readings
    pairs = found.pairs
    stored = Self.storedPairs(candidate, foundation)
    let unpairedCandidate = Self.unpaired(candidate, stored.map(\.candidate))
    let unpairedFoundation = Self.unpaired(foundation, stored.map(\.foundation))
    isIncomplete =
      !found.candidate.isEmpty || !found.foundation.isEmpty
      || (unpairedCandidate + unpairedFoundation).contains { ![.buffer, .activation, .empty].contains($0.reason) }
    unmatchedCandidate = Self.names(found.candidate, unpairedCandidate)
    unmatchedFoundation = Self.names(found.foundation, unpairedFoundation)
    caveats = Self.caveats(candidate, foundation, order, isEmpty: found.pairs.isEmpty)
  }

  /// The pairs, and the weights of both models without a pair.
  private struct Matched {
    var pairs: [WeightPair] = []
    var candidate: [Weight] = []
    var foundation: [Weight] = []

    /// If only one of the two models stores a separate head, the head of the other model is its token embedding.
    mutating func pairTiedHead(_ candidateModel: Anatomy, _ foundationModel: Anatomy) {
      if let head = candidate.firstIndex(where: { $0.role == .lmHead }), foundationModel.hasTiedEmbeddings == true,
        let table = Self.table(of: foundationModel, for: candidate[head])
      {
        pair(candidate.remove(at: head), table)
      } else if let head = foundation.firstIndex(where: { $0.role == .lmHead }), candidateModel.hasTiedEmbeddings == true,
        let table = Self.table(of: candidateModel, for: foundation[head])
      {
        pair(table, foundation.remove(at: head))
      }
    }

    private mutating func pair(_ candidate: Weight, _ foundation: Weight) {
      let rows = min(candidate.rows, foundation.rows)
      pairs.append(WeightPair(candidate: candidate, foundation: foundation, role: .lmHead, rows: rows))
    }

    private static func table(of model: Anatomy, for head: Weight) -> Weight? {
      model.weights.first { $0.role == .embedTokens }.flatMap { $0.columns == head.columns ? $0 : nil }
    }
  }

  /// The pairs by role, layer and expert. Several tensors with the same key (names that no table distinguishes) are paired in
  /// order.
  private static func matched(
    _ candidate: Anatomy, _ foundation: Anatomy, _ order: LayerOrder?, _ choice: ExpertChoice?
  ) -> Matched {
    let others = foundation.weights
    let index = WeightIndex(foundation)
    var found = Matched()
    var used: Set<Int> = []
    var seen: [WeightKey: Int] = [:]
    for weight in candidate.weights {
      let key = WeightKey(of: weight)
      let number = seen[key, default: 0]
      seen[key] = number + 1
      if let indices = counterparts(of: key, in: index, order, choice), number < indices.count,
        let rows = commonRows(weight, others[indices[number]])
      {
        used.insert(indices[number])
        found.pairs.append(WeightPair(candidate: weight, foundation: others[indices[number]], role: weight.role, rows: rows))
      } else {
        found.candidate.append(weight)
      }
    }
    found.foundation = others.indices.filter { !used.contains($0) }.map { others[$0] }
    return found
  }

  /// The foundation's weights that a weight of the candidate with this key may be paired with.
  private static func counterparts(
    of key: WeightKey, in foundation: WeightIndex, _ order: LayerOrder?, _ choice: ExpertChoice?
  ) -> [Int]? {
    var counterpart = key
    counterpart.layer = key.layer.map { order?.origins[$0] ?? $0 }
    if let found = foundation[counterpart] { return found }
    guard let layer = key.layer else { return nil }
    counterpart.expert = key.expert == nil ? choice?.experts[layer] : nil
    return foundation[counterpart]
  }

  /// log10 of the number of pairings from which this one was chosen (order, experts and readings together); 0 without such a
  /// choice.
  package var log10Tries: Double { (order?.log10Tries ?? 0) + (choice?.log10Tries ?? 0) + (readings?.log10Tries ?? 0) }

  /// How the candidate's layout differs from the foundation's.
  var rewrites: [Rewrite] {
    let copied = pairs.contains { $0.candidate.expert != nil && $0.foundation.expert == nil }
    let isRenamed = readings != nil && pairs.count { $0.candidate.tensor.name == $0.foundation.tensor.name } * 2 < pairs.count
    return (isRenamed ? [.tensorsRenamed] : []) + (copied ? [.expertsCopied] : []) + sizeRewrites
      + candidate.storage.filter { !foundation.storage.contains($0) }.map(Rewrite.init)
  }

  /// The sizes of the candidate that differ from the foundation's.
  private var sizeRewrites: [Rewrite] {
    let (sizes, originSizes) = (candidate.dimensions, foundation.dimensions)
    func differs(_ size: (Dimensions) -> Int?, _ isSo: (Int, Int) -> Bool) -> Bool {
      guard let x = size(sizes), let y = size(originSizes) else { return false }
      return isSo(x, y)
    }
    // Experts may be slices of a dense MLP: their sizes do not show the size of the model's MLP.
    let isDense = sizes.experts == nil && originSizes.experts == nil
    let widths: [(Dimensions) -> Int?] = [\.hiddenSize] + (isDense ? [\.intermediateSize] : [])
    var found: [Rewrite] = []
    if widths.contains(where: { differs($0, <) }) { found.append(.widthPruned) }
    if widths.contains(where: { differs($0, >) }) { found.append(.widthExtended) }
    if differs(\.vocabulary, !=) { found.append(.vocabularyChanged) }
    return found
  }

  /// The format of the candidate's codes, where the foundation has no such codes.
  var quantisation: String? { candidate.quantisation.flatMap { $0 == foundation.quantisation ? nil : $0 } }

  /// The share of the candidate's weight parameters that are compared, 0 … 1, or nil for a model without weights.
  /// Tensors set aside as quantised count as not compared.
  package var coverage: Double? {
    let covered = pairs.filter { $0.role == $0.candidate.role }.reduce(0) { $0 + $1.parameters }
    let all = Self.size(of: candidate)
    return all == 0 ? nil : Double(covered) / Double(all)
  }

  /// All parameters of a model's weights, including the tensors set aside as quantised.
  static func size(of model: Anatomy) -> Int {
    model.skippedTensors.filter { $0.reason == .quantised }.reduce(model.parameters) { $0 + $1.tensor.elementCount }
  }

  /// The rows that two weights share, or nil when their shapes cannot be compared.
  private static func commonRows(_ candidate: Weight, _ foundation: Weight) -> Int? {
    // Complex numbers cannot be compared with real ones.
    guard candidate.components == foundation.components else { return nil }
    if candidate.shape == foundation.shape { return candidate.rows }
    let isTable = candidate.role.isTokenTable && candidate.shape.count == 2 && foundation.shape.count == 2
    return isTable && candidate.columns == foundation.columns ? min(candidate.rows, foundation.rows) : nil
  }

  private static func storedPairs(_ candidate: Anatomy, _ foundation: Anatomy) -> [WeightPair] {
    let others = Dictionary(
      foundation.skippedTensors.map { ($0.tensor.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    return candidate.skippedTensors.compactMap { item in
      guard let other = others[item.tensor.name], other.type == item.tensor.type, other.shape == item.tensor.shape else {
        return nil
      }
      let weight = Weight(stored: item.tensor, of: candidate.checkpoint)
      return WeightPair(
        candidate: weight, foundation: Weight(stored: other, of: foundation.checkpoint), role: weight.role, rows: weight.rows)
    }
  }

  /// Tensors that are not weights and have no counterpart.
  private static func unpaired(_ anatomy: Anatomy, _ paired: [Weight]) -> [SkippedTensor] {
    let names = Set(paired.map(\.tensor.name))
    return anatomy.skippedTensors.filter { !names.contains($0.tensor.name) }
  }

  private static func names(_ weights: [Weight], _ skippedTensors: [SkippedTensor]) -> [String] {
    // Several parts of one fused tensor may be without a counterpart: its name is listed once.
    let names = Set(weights.map(\.tensor.name) + skippedTensors.map(\.tensor.name))
    return names.sorted().map(\.string)
  }

  private static func caveats(
    _ candidate: Anatomy, _ foundation: Anatomy, _ order: LayerOrder?, isEmpty: Bool
  ) -> [Caveat] {
    var found: [Caveat] = candidate.warnings.map { .reading(.candidate, $0) }
    found += foundation.warnings.map { .reading(.foundation, $0) }
    // Of models without anything in common, the number of layers says nothing.
    if candidate.layers != foundation.layers, order == nil, !isEmpty {
      found.append(.layerCountsDiffer(candidate: candidate.layers, foundation: foundation.layers))
    }
    return found
  }
}

extension Rewrite {
  /// The rewrite for weights stored in this layout when the foundation's weights are not.
  init(_ layout: StorageLayout) {
    self =
      switch layout {
      case .transposed: .storedTransposed
      case .fused: .storedFused
      case .stackedExperts: .expertsStacked
      case .interleavedRotaryPairs: .rotaryPairsInterleaved
      }
  }
}
