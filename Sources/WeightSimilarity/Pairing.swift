import Adapters
import Checkpoints
import ElementTypes
internal import Adapters
public import ModelAnatomy
import TensorFiles
import TensorViews

/// Two weights of one role and layer, to be compared element by element.
public struct WeightPair: Sendable {
  /// The candidate's weight.
  public let candidate: Weight
  /// The foundation's weight.
  public let foundation: Weight
  /// The candidate's role; for a tied head that is compared with a stored one, `lm_head`.
  public let role: Role
  /// Rows that both have: all of them, except for token tables of different vocabularies.
  public let rows: Int

  /// Elements that are compared.
  public var parameters: Int { rows * candidate.columns }

  /// Elements of a row.
  var columns: Int { candidate.columns }

  /// True when the numbers of both lie one after the other.
  var isStored: Bool { candidate.stored != nil && foundation.stored != nil }

  /// True when equal numbers are equal in the files too: stored numbers are compared as they are.
  var isExact: Bool { isStored || (candidate.isExactInFloat && foundation.isExactInFloat) }

  /// True when the whole of both tensors is compared.
  public var isWhole: Bool { rows == candidate.rows && rows == foundation.rows }
}

/// Which weight of a candidate is compared with which of a foundation, in place: same role, same layer number, same shape.
///
/// ```swift
/// let pairing = Pairing(candidate: a, foundation: b)
/// pairing.coverage              // the share of the candidate's parameters that have a counterpart
/// pairing.unmatchedCandidate    // the names of those that have none
/// ```
///
/// Nothing is dropped in silence: every tensor of both checkpoints is in a pair or in one of the unmatched lists.
/// Cost: O(weights).
public struct Pairing: Sendable {
  /// The model whose origin is in question.
  public let candidate: Anatomy
  /// The model that it may come from.
  public let foundation: Anatomy
  /// In the candidate's order: by layer, role and expert.
  public let pairs: [WeightPair]
  /// What is no weight (codes and scales of quantised matrices, integers, buffers) and has the same name, type and shape
  /// in both: compared for equality alone.
  let stored: [WeightPair]
  /// True when a weight, or a code or integer, of either model has no counterpart. Buffers and scales of activations do not
  /// matter.
  let isIncomplete: Bool
  /// Where the candidate's layers come from, when that was looked for.
  public let order: LayerOrder?
  /// Which experts dense layers are held against, when there were any to choose from.
  public let choice: ExpertChoice?
  /// How models were read whose names tell no roles; nil where names do.
  public let readings: ReadingChoice?
  /// Names of the candidate's tensors without a counterpart, weights and others, in name order.
  public let unmatchedCandidate: [String]
  /// Likewise the foundation's.
  public let unmatchedFoundation: [String]
  /// What limits this pairing.
  public let caveats: [Caveat]

  /// Pairs by role, layer and expert. `order` says which layer of the foundation each layer of the candidate is held
  /// against; a layer that is not in it, or any layer without it, is held against the one with its own number. Experts are held
  /// against a dense MLP where the foundation has that, a dense MLP against the expert that `choice` names.
  public init(
    candidate: Anatomy, foundation: Anatomy, order: LayerOrder? = nil, choice: ExpertChoice? = nil, readings: ReadingChoice? = nil
  ) {
    let others = foundation.weights
    let counterparts = WeightPlaces(foundation)
    var used: Set<Int> = []
    var seen: [WeightPlaces.Place: Int] = [:]
    var pairs: [WeightPair] = []
    var unpaired: [Weight] = []
    for weight in candidate.weights {
      let layer = weight.layer.map { order?.origins[$0] ?? $0 }
      let place = WeightPlaces.Place(role: weight.role, layer: layer, expert: weight.expert)
      // Several tensors of one place (names that no table tells apart) pair in their order.
      let own = WeightPlaces.Place(of: weight)
      let turn = seen[own, default: 0]
      seen[own] = turn + 1
      var found = counterparts[place]
      if found == nil, place.layer != nil {
        let expert = place.expert == nil ? weight.layer.flatMap { choice?.experts[$0] } : nil
        found = counterparts[WeightPlaces.Place(role: weight.role, layer: layer, expert: expert)]
      }
      if let places = found, turn < places.count, let rows = Self.commonRows(weight, others[places[turn]]) {
        used.insert(places[turn])
        pairs.append(WeightPair(candidate: weight, foundation: others[places[turn]], role: weight.role, rows: rows))
      } else {
        unpaired.append(weight)
      }
    }
    var left = others.indices.filter { !used.contains($0) }.map { others[$0] }
    // Where only one of two models stores a head of its own, the other's head is its token embedding.
    if let head = unpaired.firstIndex(where: { $0.role == .lmHead }), foundation.hasTiedEmbeddings == true,
      let tied = Self.tiedPair(unpaired[head], foundation, headIsCandidate: true)
    {
      pairs.append(tied)
      unpaired.remove(at: head)
    } else if let head = left.firstIndex(where: { $0.role == .lmHead }), candidate.hasTiedEmbeddings == true,
      let tied = Self.tiedPair(left[head], candidate, headIsCandidate: false)
    {
      pairs.append(tied)
      left.remove(at: head)
    }
    self.candidate = candidate
    self.foundation = foundation
    self.pairs = pairs
    self.order = order
    self.choice = choice
    self.readings = readings
    stored = Self.storedPairs(candidate, foundation)
    let alone = [Self.alone(candidate, stored.map(\.candidate)), Self.alone(foundation, stored.map(\.foundation))]
    isIncomplete =
      !unpaired.isEmpty || !left.isEmpty || alone.joined().contains { ![.buffer, .activation, .empty].contains($0.reason) }
    unmatchedCandidate = Self.names(unpaired, alone[0])
    unmatchedFoundation = Self.names(left, alone[1])
    caveats = Self.caveats(candidate, foundation, order)
  }

  /// The pairing of two models as they stand: layers by number, and a dense MLP with the expert that it is most like, where the foundation
  /// has experts. Reads 32 rows of each expert then, else nothing. Models whose names tell no roles are read as `ReadingChoice` has it.
  public init(inPlace candidate: Anatomy, _ foundation: Anatomy, workers: Workers) {
    let readings = ReadingChoice(candidate: candidate, foundation: foundation, workers: workers)
    let (candidate, foundation) = (readings?.candidate ?? candidate, readings?.foundation ?? foundation)
    let choice = ExpertChoice(candidate: candidate, foundation: foundation, workers: workers)
    self.init(candidate: candidate, foundation: foundation, choice: choice, readings: readings)
  }

  /// The same two models, each layer of the candidate held against that of the foundation which `order` has for it, and a dense MLP with
  /// the expert that it is most like there. Reads 32 rows of each expert, where there are any.
  public func reordered(by order: LayerOrder, workers: Workers) -> Pairing {
    let choice = ExpertChoice(candidate: candidate, foundation: foundation, order: order, workers: workers)
    return Pairing(candidate: candidate, foundation: foundation, order: order, choice: choice, readings: readings)
  }

  /// What the choice of the order, of experts and of readings costs in significance; 0 where layers are paired by number.
  var log10Tries: Double { (order?.log10Tries ?? 0) + (choice?.log10Tries ?? 0) + (readings?.log10Tries ?? 0) }

  /// How the candidate's layout differs from the foundation's.
  var rewrites: [Rewrite] {
    let copied = pairs.contains { $0.candidate.expert != nil && $0.foundation.expert == nil }
    let isRenamed = readings != nil && pairs.count { $0.candidate.tensor.name == $0.foundation.tensor.name } * 2 < pairs.count
    return (isRenamed ? [.tensorsRenamed] : []) + (copied ? [.expertsCopied] : []) + sizeRewrites
      + candidate.storage.filter { !foundation.storage.contains($0) }.map(Rewrite.init)
  }

  /// Which of the candidate's sizes are not the foundation's.
  private var sizeRewrites: [Rewrite] {
    let (own, other) = (candidate.dimensions, foundation.dimensions)
    func differs(_ size: (Dimensions) -> Int?, _ isSo: (Int, Int) -> Bool) -> Bool {
      guard let x = size(own), let y = size(other) else { return false }
      return isSo(x, y)
    }
    // Experts may be slices of a dense MLP: their sizes say nothing of the model's.
    let isDense = own.experts == nil && other.experts == nil
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
  /// What was set aside as quantised counts as not compared.
  public var coverage: Double? {
    let covered = pairs.filter { $0.role == $0.candidate.role }.reduce(0) { $0 + $1.parameters }
    let all = Self.size(of: candidate)
    return all == 0 ? nil : Double(covered) / Double(all)
  }

  /// All parameters of a model's weights, with what was set aside as quantised.
  static func size(of model: Anatomy) -> Int {
    model.setAside.filter { $0.reason == .quantised }.reduce(model.parameters) { $0 + $1.tensor.elementCount }
  }

  /// The rows that two weights share, or nil when their shapes cannot be compared.
  private static func commonRows(_ a: Weight, _ b: Weight) -> Int? {
    // Complex numbers are no match for real ones.
    guard a.components == b.components else { return nil }
    if a.shape == b.shape { return a.rows }
    let isTable = a.role.isTokenTable && a.shape.count == 2 && b.shape.count == 2
    return isTable && a.columns == b.columns ? min(a.rows, b.rows) : nil
  }

  private static func tiedPair(_ head: Weight, _ other: Anatomy, headIsCandidate: Bool) -> WeightPair? {
    guard let table = other.weights.first(where: { $0.role == .embedTokens }), head.columns == table.columns else { return nil }
    let (candidate, foundation) = headIsCandidate ? (head, table) : (table, head)
    return WeightPair(candidate: candidate, foundation: foundation, role: .lmHead, rows: min(head.rows, table.rows))
  }

  private static func storedPairs(_ candidate: Anatomy, _ foundation: Anatomy) -> [WeightPair] {
    let others = Dictionary(foundation.setAside.map { ($0.tensor.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    return candidate.setAside.compactMap { item in
      guard let other = others[item.tensor.name], other.storage == item.tensor.storage, other.shape == item.tensor.shape else {
        return nil
      }
      let (a, b) = (Weight(stored: item.tensor, of: candidate.checkpoint), Weight(stored: other, of: foundation.checkpoint))
      return WeightPair(candidate: a, foundation: b, role: a.role, rows: a.rows)
    }
  }

  /// What was set aside and has no counterpart.
  private static func alone(_ anatomy: Anatomy, _ paired: [Weight]) -> [SetAside] {
    let names = Set(paired.map(\.tensor.name))
    return anatomy.setAside.filter { !names.contains($0.tensor.name) }
  }

  private static func names(_ weights: [Weight], _ setAside: [SetAside]) -> [String] {
    // Of a fused tensor several parts may be alone.
    let names = Set(weights.map(\.tensor.name) + setAside.map(\.tensor.name))
    return names.sorted().map(\.string)
  }

  private static func caveats(_ candidate: Anatomy, _ foundation: Anatomy, _ order: LayerOrder?) -> [Caveat] {
    var found: [Caveat] = candidate.warnings.map { .reading(.candidate, $0) }
    found += foundation.warnings.map { .reading(.foundation, $0) }
    if candidate.layers != foundation.layers, order == nil {
      found.append(.layerCountsDiffer(candidate: candidate.layers, foundation: foundation.layers))
    }
    return found
  }
}

extension Rewrite {
  /// That weights are stored in this layout, where the foundation's are not.
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
