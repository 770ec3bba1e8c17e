package import ModelAnatomy
import TensorViews
package import Threads

/// Traits of a single model that indicate its origin: its storage, its sizes, its gains.
///
/// ```swift
/// ModelTraits(of: anatomy).isQuantised   // true: it was made from a model of full precision
/// ```
package struct ModelTraits: Sendable, Equatable {
  /// True when weights are codes of a quantised format.
  package var isQuantised = false
  /// True for a base model with an unmerged adapter.
  package var isAdapted = false
  /// How far its storage is from one matrix per tensor; among equal models the one with the lowest value is shown.
  package var storageComplexity = 0
  /// Layers of the main stack.
  package var layers = 0
  /// Width of the residual stream.
  package var width: Int?
  /// Neurons of an MLP (of one expert).
  package var neurons: Int?
  /// Number of experts of a layer; nil for a dense model.
  package var experts: Int?
  /// Rows of the token table.
  package var tokens: Int?
  /// The largest error of rounding to the stored type, over the layers' matrices, as a share of the matrix's norm; nil if a
  /// matrix is not plain floating point.
  package var rounding: Double?
  /// Standard deviation of a norm's gains divided by their mean: the median over the norms; nil without gains.
  package var gainSpread: Double?
  /// Whether two layers are copies of one layer, changed or not; nil if this was not computed.
  package var repeatsLayers: Bool?

  /// Traits without any known value.
  package init() {}

  /// Reads names, shapes and the norms' gains.
  package init(of anatomy: Anatomy) {
    let dimensions = anatomy.dimensions
    isQuantised = !anatomy.quantisations.isEmpty || anatomy.skippedTensors.contains { $0.reason == .quantised }
    isAdapted = anatomy.adapter != nil
    storageComplexity = anatomy.storageComplexity
    layers = anatomy.layers
    (width, neurons) = (dimensions.hiddenSize, dimensions.intermediateSize)
    (experts, tokens) = (dimensions.experts, dimensions.vocabulary)
    let roundings = anatomy.weights.filter { $0.layer != nil && $0.isMatrix }.map(\.rounding)
    let known = roundings.compactMap { $0 }
    rounding = known.count == roundings.count ? known.max() : nil
    let readers: [Role] = [.qProj, .gateProj, .lmHead]
    let spreads = anatomy.weights.filter { readers.contains($0.role) && ($0.expert ?? 0) == 0 }
      .compactMap { Self.spread(of: $0, anatomy) }.sorted()
    gainSpread = spreads.isEmpty ? nil : spreads[spreads.count / 2]
  }

  /// Computes `repeatsLayers`. One read of the layers; L² · elements multiplications.
  ///
  /// Independently trained layers of one model have nothing in common, whatever the depth. Two layers that share half of their
  /// energy, cos² ≥ ½, are copies of one layer. Does nothing for a model with more layers than `LayerPairs` allows.
  package mutating func findRepeats(in anatomy: Anatomy, workers: Workers) {
    guard LayerPairs.canBeTried(anatomy, anatomy) else { return }
    let cells = LayerProducts(candidate: anatomy, foundation: anatomy, workers: workers).matrix(.cosine).cells
    repeatsLayers = cells.indices.contains { i in
      cells[i].indices.contains { j in j < i && (cells[i][j].map(TensorSimilarity.isInPlace(cosine:)) ?? false) }
    }
  }

  /// Standard deviation divided by mean of the gains that `weight` reads; nil without gains, or if their mean is 0 or not finite.
  ///
  /// Computed in two steps, mean first: the error is about 1e-16. `GainRewrite` only tests whether gains vary a tenth as much,
  /// and uses another formula. The two formulas stay separate, because a change in the last bit would change printed figures.
  private static func spread(of weight: Weight, _ anatomy: Anatomy) -> Double? {
    guard let gains = anatomy.gains(of: weight)?.map(Double.init), !gains.isEmpty else { return nil }
    let mean = gains.reduce(0, +) / Double(gains.count)
    let variance = gains.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gains.count)
    return mean == 0 || !variance.isFinite ? nil : variance.squareRoot() / abs(mean)
  }
}

extension Anatomy {
  /// In how many ways the storage differs from one matrix per tensor. Among equal models the one with the lowest number is shown.
  /// O(tensors).
  package var storageComplexity: Int {
    let isQuantised = !quantisations.isEmpty || skippedTensors.contains { $0.reason == .quantised }
    return storage.count + (isQuantised ? 2 : 0) + (adapter == nil ? 0 : 4)
  }
}
