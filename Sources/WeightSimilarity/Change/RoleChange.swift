/// What happened to one role's weights in all layers.
public struct RoleChange: Sendable, Equatable {
  /// What is known of it.
  public enum Kind: Sendable, Equatable {
    /// Every element is equal, or the other one's rounding.
    case frozen
    /// By this rank in most matrices, and more in none: what a LoRA leaves.
    case low(Int)
    /// By no more than rounding, or by ranks that are low and differ.
    case bounded(ClosedRange<Int>)
    /// In all directions.
    case full
    /// It is not the foundation's, tuned: it has less than half of its energy.
    case replaced
    /// Changed, and how was not looked at.
    case unmeasured
  }

  /// The role.
  public let role: String
  /// True for matrices; false for gains, biases and other vectors.
  public let isMatrix: Bool
  /// True for what lies outside of all layers.
  public let isOutside: Bool
  /// Weights of this role that have a counterpart.
  public let tensors: Int
  /// Those that did not change.
  public let frozen: Int
  /// Layers of the candidate in which it changed, ascending.
  public let changedLayers: [Int]
  /// Elements compared.
  public let parameters: Int
  /// Share of equal elements; nil where that is not known.
  public let equalShare: Double?
  /// ‖candidate − foundation‖ / ‖foundation‖, a mean weighted by parameters.
  public let relativeL2: Double?
  /// The ranks of the matrices that were looked at, ascending; those that are not low count with what was seen of them.
  public let ranks: [Int]
  /// Mean share of the change in its first eight directions; nil where none was looked at.
  public let energyOfEight: Double?
  /// What all that amounts to.
  public let kind: Kind

  /// Of tensors of one role, at least one.
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
    // Longer tables, of which the common rows are equal, are not changed either.
    if changed.allSatisfy({ $0.equalShare == 1 || $0.roundedShare == 1 }) { return .frozen }
    if changed.contains(where: { !$0.isInPlace }) { return .replaced }
    guard !spectra.isEmpty, let least = spectra.map(\.rank).min(), let most = spectra.map(\.rank).max() else {
      return .unmeasured
    }
    guard spectra.allSatisfy(\.isLow) else { return .full }
    // A LoRA's rank is a ceiling that most matrices reach, with a step behind it; other changes' ranks go with each matrix.
    let reached = spectra.count { $0.rank == most && $0.isSharp }
    return most > 0 && 2 * reached > spectra.count ? .low(most) : .bounded(least...most)
  }

  private static func mean(_ tensors: [TensorSimilarity], _ value: KeyPath<TensorSimilarity, Double?>) -> Double? {
    tensors.reduce(into: WeightedMean()) { $0.add($1[keyPath: value], weight: $1.parameters) }.value
  }
}
