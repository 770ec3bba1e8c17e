package import Adapters
import ModelAnatomy

/// How alike a layer of the candidate is to the foundation's layer with which it is compared.
package struct LayerSimilarity: Sendable, Equatable {
  /// The candidate's layer.
  package let layer: Int
  /// The foundation's layer with which it is compared.
  package let foundationLayer: Int
  /// The combined similarity of its matrices.
  package let similarity: GroupSimilarity
  /// The row-shift test of this layer alone, or nil when none of its matrices was large enough.
  package let rowShift: RowShiftTest?
}

/// How alike two checkpoints are, tensor by tensor, and a test whether the similarity is more than chance.
package struct InPlaceSimilarity: Sendable {
  /// The tensors, sorted by layer (tensors outside of all layers first), role and expert.
  package internal(set) var tensors: [TensorSimilarity]
  /// One entry for each layer of the candidate that has a pair, ascending.
  package internal(set) var layers: [LayerSimilarity]
  /// One entry for each role that has a matrix, in the order in which data flows through a model.
  package internal(set) var roles: [(role: String, similarity: GroupSimilarity)]
  /// The combined similarity of all matrices.
  package internal(set) var overall: GroupSimilarity
  /// True when every weight has a counterpart of the same shape and every element of both models is equal, including the codes of
  /// quantised matrices. Buffers, which a program computes, do not matter.
  package let isIdentical: Bool
  /// The share of the candidate's parameters that were compared.
  package internal(set) var coverage: Double?
  /// All parameters of the two models' weights.
  let sizes: (candidate: Int, foundation: Int)
  /// The sizes of the candidate's layers: all, and what the row-shift test reads of them.
  package let layerSizes: (all: LayerSizes, inPlace: LayerSizes)
  /// The row-shift test, or nil when no matrix was large enough for it.
  package let rowShift: RowShiftTest?
  /// The row-shift test with channels in place of rows, for each token table: by role, in the order of the pairs.
  package let tokenShifts: [(role: String, test: RowShiftTest)]
  /// The test of the angles of value projections; nil if it was not made.
  package internal(set) var valueAngles: RowShiftTest?
  /// Which layer each of the candidate's layers comes from; nil if no search was made.
  package internal(set) var order: LayerOrder?
  /// How the candidate's layout differs from the foundation's.
  package let rewrites: [Rewrite]
  /// The changes by the candidate's adapter; nil unless it has an unmerged adapter.
  package let adapter: AdapterSummary?
  /// The format of the candidate's codes, if the foundation has no such codes.
  package let quantisation: String?
  /// The differences in storage: types, token tables, tensors.
  package let storage: StorageChange
  /// Names of the candidate's tensors without a counterpart.
  package let unmatchedCandidate: [String]
  /// Names of the foundation's tensors without a counterpart.
  package let unmatchedFoundation: [String]
  /// Limits of these figures.
  package let caveats: [Caveat]
  /// How much was read, if the comparison read a sample alone.
  package let sample: InPlaceSample?
  /// The share of the candidate's parameters whose numbers were compared: `coverage`, and of a sample what was read.
  package var comparedShare: Double? { isIdentical ? coverage : sample?.share ?? coverage }

  /// Built from the tensors and the shifted cosines of each pair's sample (nil for pairs without a sample). `sample`: how much was
  /// read, where it was not all.
  init(
    tensors: [TensorSimilarity], isIdentical: Bool, shiftedCosines: [ShiftedCosines?], pairing: Pairing,
    sample: InPlaceSample? = nil
  ) {
    let tokenShifts = zip(pairing.pairs, shiftedCosines).compactMap { pair, cosines -> (role: String, test: RowShiftTest)? in
      guard ChannelSample.suits(pair), let cosines, let test = RowShiftTest(channels: cosines) else { return nil }
      return (pair.role.name, test)
    }
    self.init(
      tensors: tensors, isIdentical: isIdentical, strata: RowShiftTest.strata(pairing, shiftedCosines),
      tokenShifts: tokenShifts, pairing: pairing, sample: sample)
  }

  /// Built from the tensors and the strata of the shift tests.
  init(
    tensors: [TensorSimilarity], isIdentical: Bool, strata: [Int: [ShiftSummary]],
    tokenShifts: [(role: String, test: RowShiftTest)], pairing: Pairing, sample: InPlaceSample? = nil
  ) {
    self.tensors = tensors
    self.sample = sample
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
    layerSizes = pairing.layerSizes
    rewrites = pairing.rewrites
    adapter = pairing.candidate.adapter?.change.summary
    quantisation = pairing.quantisation
    storage = StorageChange(pairing)
    unmatchedCandidate = pairing.unmatchedCandidate
    unmatchedFoundation = pairing.unmatchedFoundation
    let sampled = self.isIdentical ? nil : sample
    caveats = pairing.caveats + Self.caveats(about: tensors) + (sampled.map { [.sampled($0)] } ?? [])
  }

  static func layers(of tensors: [TensorSimilarity], _ tests: [Int: RowShiftTest]) -> [LayerSimilarity] {
    var byLayer: [Int: [Int]] = [:]
    for i in tensors.indices { if let layer = tensors[i].layer { byLayer[layer, default: []].append(i) } }
    return byLayer.sorted { $0.key < $1.key }.map { layer, indices in
      LayerSimilarity(
        layer: layer, foundationLayer: tensors[indices[0]].foundationLayer ?? layer,
        similarity: GroupSimilarity(of: tensors, at: indices), rowShift: tests[layer])
    }
  }

  static func roles(of tensors: [TensorSimilarity]) -> [(role: String, similarity: GroupSimilarity)] {
    var order: [String] = []
    var byRole: [String: [Int]] = [:]
    for i in tensors.indices where tensors[i].isMatrix {
      if byRole[tensors[i].role] == nil { order.append(tensors[i].role) }
      byRole[tensors[i].role, default: []].append(i)
    }
    return order.map { ($0, GroupSimilarity(of: tensors, at: byRole[$0] ?? [])) }
  }

  /// This similarity with the order of layers that a search found. The tensors were compared in this order.
  package func searched(_ order: LayerOrder) -> InPlaceSimilarity {
    var copy = self
    copy.order = order
    return copy
  }

  /// This similarity with the spectra of some tensors' changes, by the indices of `tensors`.
  package func measured(_ spectra: [Int: ChangeSpectrum]) -> InPlaceSimilarity {
    var copy = self
    for (index, spectrum) in spectra { copy.tensors[index].spectrum = spectrum }
    return copy
  }

  private static func caveats(about tensors: [TensorSimilarity]) -> [Caveat] {
    let broken = tensors.filter { $0.nonFiniteCandidate + $0.nonFiniteFoundation > 0 }
    guard let first = broken.first else { return [] }
    let count = broken.reduce(0) { $0 + $1.nonFiniteCandidate + $1.nonFiniteFoundation }
    return [.nonFiniteElements(count, tensors: broken.count, first: first.candidate)]
  }
}
