public import Adapters
import ModelAnatomy
import TensorFiles

/// How alike two tensors are, element by element, in the coordinates in which they are stored.
///
/// Undefined values are nil: a cosine of a tensor of zero norm, a centred cosine of a constant one.
/// Elements where either side is NaN or infinite are counted and left out of every other figure.
public struct TensorSimilarity: Sendable, Equatable {
  /// Name of the candidate's tensor.
  public var candidate: String
  /// Name of the foundation's tensor.
  public var foundation: String
  /// The candidate's layer; nil outside of all layers.
  public var layer: Int?
  /// The foundation's layer that it is held against.
  public var foundationLayer: Int?
  /// The role that both play.
  public var role: String
  /// The expert, where there are several.
  public var expert: Int?
  /// Shape of what is compared: the candidate's, with the common rows where the two tables differ in rows.
  public var shape: [Int]
  /// Elements compared.
  public var parameters: Int
  /// Whether it may carry a verdict: a matrix, not a gain or a bias.
  public var isMatrix: Bool
  /// Whether the whole of both tensors was compared.
  public var isWhole: Bool
  /// Σab / √(Σa²·Σb²), −1 … 1.
  public var cosine: Double?
  /// The same after each tensor's mean is taken away (Pearson's correlation).
  public var centredCosine: Double?
  /// ‖candidate − foundation‖ / ‖foundation‖.
  public var relativeL2: Double?
  /// ‖candidate‖ / ‖foundation‖.
  public var normRatio: Double?
  /// Share of the compared elements that are equal as values, whatever their types.
  public var equalShare: Double?
  /// Elements of the candidate that are NaN or infinite.
  public var nonFiniteCandidate: Int
  /// Elements of the foundation that are NaN or infinite.
  public var nonFiniteFoundation: Int
  /// The cosine in the foundation's coordinates, once masks are undone; nil where none was found.
  public var alignedCosine: Double?
  /// Of two stored types: share of elements whose coarser number is the finer one, rounded. Looked at is a sixteenth of large
  /// tensors; nil where the types are one or one is computed.
  public var roundedShare: Double?
  /// What the singular values of the change say; nil where they were not looked at.
  public var spectrum: ChangeSpectrum?
  /// The foundation's expert, where it has several.
  var foundationExpert: Int?
}

extension TensorSimilarity {
  /// Whether nothing was changed but perhaps the type: every element is equal, or, as far as was looked, the other one rounded.
  public var isFrozen: Bool { isWhole && (equalShare == 1 || roundedShare == 1) }

  /// Whether it is the counterpart's, tuned perhaps: half of its energy is, cos² ≥ ½. A gain always is.
  public var isInPlace: Bool { !isMatrix || isFrozen || (cosine.map(Self.isInPlace(cosine:)) ?? false) }

  /// Whether two that have this cosine are counterparts: half of the energy of one is the other's, cos² ≥ ½.
  public static func isInPlace(cosine: Double) -> Bool { cosine > 0 && cosine * cosine >= 0.5 }

  /// What is compared, and nothing found yet.
  init(of pair: WeightPair) {
    var shape = pair.candidate.shape
    if !shape.isEmpty, pair.rows < pair.candidate.rows { shape[0] = pair.rows }
    self.init(
      candidate: pair.candidate.tensor.name.string, foundation: pair.foundation.tensor.name.string, layer: pair.candidate.layer,
      foundationLayer: pair.foundation.layer, role: pair.role.name, expert: pair.candidate.expert, shape: shape,
      parameters: pair.parameters, isMatrix: pair.candidate.isMatrix && pair.rows > 1, isWhole: pair.isWhole,
      nonFiniteCandidate: 0, nonFiniteFoundation: 0, foundationExpert: pair.foundation.expert)
  }
}

/// Similarities of several tensors together: of a layer, a role, or the whole model.
///
/// Cosines are means over the matrices, weighted by parameters; one-dimensional tensors have no part in them, since gains
/// of unrelated models look alike.
public struct GroupSimilarity: Sendable, Equatable {
  /// Mean cosine.
  public var cosine: Double?
  /// Mean centred cosine.
  public var centredCosine: Double?
  /// Mean relative distance.
  public var relativeL2: Double?
  /// Share of equal elements.
  public var equalShare: Double?
  /// Elements compared, matrices only.
  public var parameters: Int
  /// Mean cosine in the foundation's coordinates, once masks are undone; nil where none was found.
  public var alignedCosine: Double?

  /// Of all tensors.
  init(of tensors: [TensorSimilarity]) { self.init(of: tensors, at: tensors.indices) }

  /// Of the tensors at these places.
  init(of tensors: [TensorSimilarity], at places: some Sequence<Int>) {
    var (cosine, centred, distance, equal, aligned) = (
      WeightedMean(), WeightedMean(), WeightedMean(), WeightedMean(), WeightedMean()
    )
    var all = 0
    for i in places where tensors[i].isMatrix {
      let parameters = tensors[i].parameters
      all += parameters
      cosine.add(tensors[i].cosine, weight: parameters)
      centred.add(tensors[i].centredCosine, weight: parameters)
      distance.add(tensors[i].relativeL2, weight: parameters)
      equal.add(tensors[i].equalShare, weight: parameters)
      aligned.add(tensors[i].alignedCosine, weight: parameters)
    }
    self.cosine = cosine.value
    centredCosine = centred.value
    relativeL2 = distance.value
    equalShare = equal.value
    parameters = all
    alignedCosine = aligned.value
  }
}

/// What one pass found for a layer of the candidate.
public struct LayerSimilarity: Sendable, Equatable {
  /// The candidate's layer.
  public let layer: Int
  /// The foundation's layer that it is held against.
  public let foundationLayer: Int
  /// Its matrices together.
  public let similarity: GroupSimilarity
  /// The row-shift test of this layer alone, or nil when no matrix of it was large enough.
  public let rowShift: RowShiftTest?
}

/// What one pass over two checkpoints found, tensor by tensor, with the null it is held against.
public struct InPlaceSimilarity: Sendable {
  /// By layer (those outside of all layers first), role and expert.
  public internal(set) var tensors: [TensorSimilarity]
  /// One entry a layer of the candidate that has a pair, ascending.
  public internal(set) var layers: [LayerSimilarity]
  /// One entry a role that has a matrix, in the order of the data's way through a model.
  public internal(set) var roles: [(role: String, similarity: GroupSimilarity)]
  /// All matrices together.
  public internal(set) var overall: GroupSimilarity
  /// True when every weight has a counterpart of the same shape and every element of both models is equal, codes of
  /// quantised matrices too; buffers, which a program computes, do not matter.
  public let isIdentical: Bool
  /// The share of the candidate's parameters that were compared.
  public internal(set) var coverage: Double?
  /// All parameters of the two models' weights.
  let sizes: (candidate: Int, foundation: Int)
  /// The row-shift test, or nil when no matrix was large enough for it.
  public let rowShift: RowShiftTest?
  /// The same test of channels for each token table: by role, in the order of the pairs.
  public let tokenShifts: [(role: String, test: RowShiftTest)]
  /// Where the candidate's layers come from, when that was looked for.
  public internal(set) var order: LayerOrder?
  /// How the candidate's layout differs from the foundation's.
  public let rewrites: [Rewrite]
  /// What the candidate's adapter changes, where it has one that is not merged.
  public let adapter: AdapterSummary?
  /// The format of the candidate's codes, where the foundation has no such codes.
  public let quantisation: String?
  /// What differs in the way of storing: types, tokens, tensors.
  public let storage: StorageChange
  /// Names of the candidate's tensors without a counterpart.
  public let unmatchedCandidate: [String]
  /// Names of the foundation's tensors without a counterpart.
  public let unmatchedFoundation: [String]
  /// What limits these figures.
  public let caveats: [Caveat]

  /// From the tensors and what the shift tests' samples gave of each pair (nil for those without).
  init(tensors: [TensorSimilarity], isIdentical: Bool, shiftedCosines: [[Double]?], pairing: Pairing) {
    let tokenShifts = zip(pairing.pairs, shiftedCosines).compactMap { pair, cosines -> (role: String, test: RowShiftTest)? in
      guard ChannelSample.suits(pair), let cosines, let test = RowShiftTest(channels: cosines) else { return nil }
      return (pair.role.name, test)
    }
    self.init(
      tensors: tensors, isIdentical: isIdentical, strata: RowShiftTest.strata(pairing.pairs, shiftedCosines),
      tokenShifts: tokenShifts, pairing: pairing)
  }

  /// From the tensors and the shift tests' strata.
  init(
    tensors: [TensorSimilarity], isIdentical: Bool, strata: [Int: [ShiftSummary]],
    tokenShifts: [(role: String, test: RowShiftTest)], pairing: Pairing
  ) {
    self.tensors = tensors
    self.isIdentical = isIdentical && !(tensors.isEmpty && pairing.stored.isEmpty) && pairing.order?.isMoved != true
    rowShift = RowShiftTest(pairing, strata: strata)
    self.tokenShifts = tokenShifts
    let tests = RowShiftTest.byLayer(pairing, strata: strata)
    order = pairing.order
    layers = Self.layers(of: tensors, tests)
    roles = Self.roles(of: tensors)
    overall = GroupSimilarity(of: tensors)
    coverage = self.isIdentical ? 1 : pairing.coverage
    sizes = (Pairing.size(of: pairing.candidate), Pairing.size(of: pairing.foundation))
    rewrites = pairing.rewrites
    adapter = pairing.candidate.adapter?.change.summary
    quantisation = pairing.quantisation
    storage = StorageChange(pairing)
    unmatchedCandidate = pairing.unmatchedCandidate
    unmatchedFoundation = pairing.unmatchedFoundation
    caveats = pairing.caveats + Self.caveats(about: tensors)
  }

  static func layers(of tensors: [TensorSimilarity], _ tests: [Int: RowShiftTest]) -> [LayerSimilarity] {
    var places: [Int: [Int]] = [:]
    for i in tensors.indices { if let layer = tensors[i].layer { places[layer, default: []].append(i) } }
    return places.sorted { $0.key < $1.key }.map { layer, places in
      LayerSimilarity(
        layer: layer, foundationLayer: tensors[places[0]].foundationLayer ?? layer,
        similarity: GroupSimilarity(of: tensors, at: places), rowShift: tests[layer])
    }
  }

  static func roles(of tensors: [TensorSimilarity]) -> [(role: String, similarity: GroupSimilarity)] {
    var order: [String] = []
    var places: [String: [Int]] = [:]
    for i in tensors.indices where tensors[i].isMatrix {
      if places[tensors[i].role] == nil { order.append(tensors[i].role) }
      places[tensors[i].role, default: []].append(i)
    }
    return order.map { ($0, GroupSimilarity(of: tensors, at: places[$0] ?? [])) }
  }

  /// The same, with the word that layers were looked for elsewhere and found where they are.
  public func searched(_ order: LayerOrder) -> InPlaceSimilarity {
    var copy = self
    copy.order = order
    return copy
  }

  private static func caveats(about tensors: [TensorSimilarity]) -> [Caveat] {
    let broken = tensors.filter { $0.nonFiniteCandidate + $0.nonFiniteFoundation > 0 }
    guard let first = broken.first else { return [] }
    let count = broken.reduce(0) { $0 + $1.nonFiniteCandidate + $1.nonFiniteFoundation }
    return [.nonFiniteElements(count, tensors: broken.count, first: first.candidate)]
  }
}
