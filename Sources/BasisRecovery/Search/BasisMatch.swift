/// The candidate's neurons found among the foundation's, whatever the basis, the order and the scales.
///
/// ```swift
/// if let match = BasisRecovery(candidate: candidate, foundation: foundation, workers: workers)?.match() {
///   match.evidence.share      // 1.0 for a rewritten copy, 0.000 for a stranger
///   match.units[0].origin     // 0: the unit of the foundation that the candidate's first layer comes from
/// }
/// ```
public struct BasisMatch: Sendable {
  /// A neuron of the candidate and the same neuron of the foundation.
  public struct Neuron: Sendable, Equatable {
    /// The neuron's number in the candidate's layer.
    public var candidate: Int
    /// The neuron's number in the foundation's layer.
    public var foundation: Int
    /// −1 where up and down have the other sign.
    public var sign: Int
    /// ‖candidate‖ / ‖foundation‖ of the up row, the gain folded in; nil when either is zero.
    public var upRatio: Double?
    /// ‖candidate‖ / ‖foundation‖ of the down column; nil when either is zero.
    public var downRatio: Double?
    /// ‖candidate‖ / ‖foundation‖ of the gate row; nil when either is zero, and for a plain MLP.
    public var gateRatio: Double?
  }

  /// A layer's MLP, or an expert, of the candidate.
  public struct Unit: Sendable, Equatable {
    /// The layer's number.
    public var layer: Int
    /// The expert, where there are several.
    public var expert: Int?
    /// The index, among the foundation's units, of the unit that it comes from; nil for none.
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

  /// How much the match proves.
  public var evidence: BasisEvidence
  /// The start that led there.
  public var source: SeedSource
  /// Every unit of the candidate, in its order.
  public var units: [Unit]
  /// All matched neurons of all units, by the rows that were read of them.
  var pairs: [NeuronPair]
  /// For each of `pairs`, −1 where up and down have the other sign.
  var signs: [Int]
}
