package import ModelAnatomy
import TensorFiles

/// How alike two tensors are, element by element.
///
/// The first fields describe the compared tensors. Up to four passes fill the figures. Each pass leaves the figures of the others
/// unchanged:
///
/// | fields | filled by | nil means |
/// |---|---|---|
/// | `values`: all metrics that follow from sums | ``InPlacePass`` | undefined: a norm is zero, or a centred side is constant |
/// | `values`: the cosines, `relativeL2`, `normRatio` | or ``CollectionSimilarity``, which counts no equal elements | undefined |
/// | `values`: `alignedCosine` | ``InPlaceSimilarity/aligned(with:)`` | no mask was found, or this tensor has no counterpart once masks are undone |
/// | `roundedShare` | ``InPlacePass`` | undefined, or not computed |
/// | `spectrum` | ``InPlaceSimilarity/measured(_:)`` | the singular values of this tensor's change were not computed |
///
/// Elements where either side is NaN or infinite are counted and left out of every other figure.
package struct TensorSimilarity: Sendable, Equatable {
  /// Name of the candidate's tensor.
  package var candidate: String
  /// Name of the foundation's tensor.
  package var foundation: String
  /// The candidate's layer; nil outside of all layers.
  package var layer: Int?
  /// The foundation's layer with which it is compared; nil outside of all layers.
  package var foundationLayer: Int?
  /// The name of the role that both have.
  package var role: String
  /// The candidate's expert; nil where its layer has one MLP.
  package var expert: Int?
  /// Shape of what is compared: the candidate's, with the common rows where two token tables differ in rows.
  package var shape: [Int]
  /// The number of elements that are compared.
  package var parameters: Int
  /// True for a matrix, which a verdict may use; false for gains, biases and other vectors.
  package var isMatrix: Bool
  /// True when the whole of both tensors was compared.
  package var isWhole: Bool
  /// The metrics of ``Metric/all``. Some have names: `cosine`, `centredCosine`, `relativeL2`, `normRatio`, `equalShare`,
  /// `alignedCosine`.
  package var values = MetricValues()
  /// Number of elements of the candidate that are NaN or infinite; 0 in figures of a ``CollectionSimilarity``, which has finite
  /// tensors only.
  package var nonFiniteCandidate: Int
  /// Number of elements of the foundation that are NaN or infinite.
  package var nonFiniteFoundation: Int
  /// For tensors stored in two different types: the share of elements that are exact roundings of the finer side, 0 … 1 (the
  /// first 65,536 elements of each piece of a million). nil also when both types are equal or one side is decoded.
  package var roundedShare: Double?
  /// The singular values of the change.
  package var spectrum: ChangeSpectrum?
  /// The foundation's expert; nil where its layer has one MLP.
  var foundationExpert: Int?
}

extension TensorSimilarity {
  /// True when nothing changed except perhaps the type: every element is equal, or every sampled element is the rounding of its
  /// counterpart.
  package var isFrozen: Bool { isWhole && (equalShare == 1 || roundedShare == 1) }

  /// True when the tensor is its counterpart, perhaps tuned: half of its energy comes from the counterpart, cos² ≥ ½. Always true
  /// for a vector.
  package var isInPlace: Bool { !isMatrix || isFrozen || (cosine.map(Self.isInPlace(cosine:)) ?? false) }

  /// True if two matrices with this cosine are counterparts: half of the energy of one comes from the other, cos² ≥ ½.
  package static func isInPlace(cosine: Double) -> Bool { cosine > 0 && cosine * cosine >= 0.5 }

  /// Role, layer and expert of the candidate's weight.
  package var key: WeightKey { WeightKey(role: Role(name: role), layer: layer, expert: expert) }

  /// Role, layer and expert of the foundation's weight.
  package var foundationKey: WeightKey {
    WeightKey(role: Role(name: role), layer: foundationLayer, expert: foundationExpert)
  }

  /// Two weights that are compared only after masks are undone.
  init(_ candidate: Weight, _ foundation: Weight, alignedCosine: Double?) {
    self.init(
      candidate: candidate.tensor.name.string, foundation: foundation.tensor.name.string, layer: candidate.layer,
      foundationLayer: foundation.layer, role: candidate.role.name, expert: candidate.expert, shape: candidate.shape,
      parameters: candidate.parameters, isMatrix: true, isWhole: false, nonFiniteCandidate: 0, nonFiniteFoundation: 0)
    self.alignedCosine = alignedCosine
  }

  /// A pair without any computed figure.
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
