import WeightSimilarity

/// How the weights of one role changed, over all layers.
package struct RoleChange: Sendable, Equatable {
  /// The kind of a change.
  package enum Kind: Sendable, Equatable {
    /// Every element is equal, or is the rounding of its counterpart.
    case frozen
    /// Most matrices changed by this rank and none by a higher one, as a LoRA does.
    case low(Int)
    /// Changed by rounding alone, or by low ranks that differ between matrices.
    case bounded(ClosedRange<Int>)
    /// Changed in all directions.
    case full
    /// Replaced: less than half of its energy comes from the foundation, cos² < ½.
    case replaced
    /// Changed; the singular values of the change were not measured.
    case unmeasured
  }

  /// The role.
  package let role: String
  /// True for matrices; false for gains, biases and other vectors.
  package let isMatrix: Bool
  /// True when all of these weights lie outside of the layers.
  package let isOutside: Bool
  /// Number of weights of this role that have a counterpart.
  package let tensors: Int
  /// Number of these weights that did not change.
  package let frozen: Int
  /// Layers of the candidate in which the role changed, ascending.
  package let changedLayers: [Int]
  /// Number of elements compared.
  package let parameters: Int
  /// Share of equal elements; nil if unknown.
  package let equalShare: Double?
  /// ‖candidate − foundation‖ / ‖foundation‖, a mean weighted by parameters.
  package let relativeL2: Double?
  /// The ranks of the measured matrices, ascending. A rank that is not low is the rank of the measured part.
  package let ranks: [Int]
  /// Mean share of the change in its first eight directions; nil if no matrix was measured in full.
  package let energyOfEight: Double?
  /// The kind of change that follows from these figures.
  package let kind: Kind

  /// The change of tensors of one role, at least one.
  init(_ tensors: [TensorSimilarity]) {
    let changed = tensors.filter { !$0.isFrozen }
    let spectra = changed.compactMap(\.spectrum)
    role = tensors[0].role
    isMatrix = tensors.contains(where: \.isMatrix)
    isOutside = tensors.allSatisfy { $0.layer == nil }
    self.tensors = tensors.count
    frozen = tensors.count - changed.count
    changedLayers = Set(changed.compactMap(\.layer)).sorted()
    parameters = tensors.reduce(0) { $0 + $1.parameters }
    equalShare = Self.mean(tensors, \.equalShare)
    relativeL2 = Self.mean(tensors, \.relativeL2)
    ranks = spectra.map(\.rank).sorted()
    let energies = spectra.compactMap(\.energyOfEight)
    energyOfEight = energies.isEmpty ? nil : energies.reduce(0, +) / Double(energies.count)
    kind = Self.kind(changed, spectra)
  }

  private static func kind(_ changed: [TensorSimilarity], _ spectra: [ChangeSpectrum]) -> Kind {
    guard !changed.isEmpty else { return .frozen }
    // A longer table whose common rows are equal is not changed either.
    if changed.allSatisfy({ $0.equalShare == 1 || $0.roundedShare == 1 }) { return .frozen }
    if changed.contains(where: { !$0.isInPlace }) { return .replaced }
    guard !spectra.isEmpty, let least = spectra.map(\.rank).min(), let most = spectra.map(\.rank).max() else {
      return .unmeasured
    }
    guard spectra.allSatisfy(\.isLow) else { return .full }
    // Most matrices reach the rank of a LoRA, with a sharp step after it. The ranks of other changes differ from matrix to
    // matrix.
    let reached = spectra.count { $0.rank == most && $0.isSharp }
    return most > 0 && 2 * reached > spectra.count ? .low(most) : .bounded(least...most)
  }

  private static func mean(_ tensors: [TensorSimilarity], _ value: KeyPath<TensorSimilarity, Double?>) -> Double? {
    tensors.reduce(into: WeightedMean()) { $0.add($1[keyPath: value], weight: $1.parameters) }.value
  }
}
