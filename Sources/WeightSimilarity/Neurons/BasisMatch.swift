import ModelAnatomy

/// The candidate's neurons found among the foundation's, whatever the basis, the order and the scales.
///
/// ```swift
/// if let match = BasisRecovery(candidate: b, foundation: a, workers: workers).match() {
///   match.evidence.share      // 1.0 for a rewritten copy, 0.000 for a stranger
///   match.units[0].origin     // 0: the unit of the foundation that the candidate's first layer comes from
/// }
/// ```
public struct BasisMatch: Sendable {
  /// A neuron of the candidate and the foundation's that it is.
  public struct Neuron: Sendable, Equatable {
    /// The neuron's number in the candidate's layer.
    public var candidate: Int
    /// And in the foundation's.
    public var foundation: Int
    /// −1 where up and down have the other sign.
    public var sign: Int
    /// ‖candidate‖ / ‖foundation‖ of the up row, the gain folded in; nil when either is zero.
    public var upRatio: Double?
    /// Likewise of the down column.
    public var downRatio: Double?
    /// Likewise of the gate row; nil also for a plain MLP.
    public var gateRatio: Double?
  }

  /// A layer's MLP, or an expert, of the candidate.
  public struct Unit: Sendable, Equatable {
    /// The layer's number.
    public var layer: Int
    /// The expert, where there are several.
    public var expert: Int?
    /// The place among the foundation's units of the one that it comes from; nil for none.
    public var origin: Int?
    /// That unit's layer.
    public var originLayer: Int?
    /// That unit's expert.
    public var originExpert: Int?
    /// The share of its unseen neurons that agree.
    public var share: Double
    /// The neurons that agree, of all that were read, by their number in the candidate.
    public var neurons: [Neuron]
  }

  /// The strength of it.
  public var evidence: BasisEvidence
  /// The start that led there.
  public var source: SeedSource
  /// Every unit of the candidate, in its order.
  public var units: [Unit]
  /// All matched neurons of all units, by what was read of them, and their signs.
  var pairs: [NeuronPair]
  var signs: [Int]
  /// The search that found it, with the readings of both models that it took.
  var search: (recovery: BasisRecovery, candidate: Anatomy, foundation: Anatomy)?
}
