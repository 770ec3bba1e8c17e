/// A match of the candidate's neurons with the foundation's, for any basis, order and scales.
///
/// ```swift
/// if let match = BasisRecovery(candidate: candidate, foundation: foundation, workers: workers)?.match() {
///   match.evidence.share      // 1.0 for a rewritten copy, 0.000 for an unrelated model
///   match.units[0].origin     // 0: the unit of the foundation that the candidate's first layer comes from
/// }
/// ```
package struct BasisMatch: Sendable {
  /// A neuron of the candidate and its partner in the foundation.
  package struct Neuron: Sendable, Equatable {
    /// The neuron's index in the candidate's layer.
    package var candidate: Int
    /// The neuron's index in the foundation's layer.
    package var foundation: Int
    /// −1 if up and down have the opposite sign, else 1.
    package var sign: Int
    /// ‖candidate‖ / ‖foundation‖ of the up row, the gain folded in; nil when either is zero.
    package var upRatio: Double?
    /// ‖candidate‖ / ‖foundation‖ of the down column; nil when either is zero.
    package var downRatio: Double?
    /// ‖candidate‖ / ‖foundation‖ of the gate row; nil when either is zero, and for a plain MLP.
    package var gateRatio: Double?
  }

  /// A layer's MLP, or an expert, of the candidate.
  package struct Unit: Sendable, Equatable {
    /// The layer's number.
    package var layer: Int
    /// The expert, where there are several.
    package var expert: Int?
    /// The index, among the foundation's units, of the unit that it comes from; nil for none.
    package var origin: Int?
    /// That unit's layer.
    package var originLayer: Int?
    /// That unit's expert.
    package var originExpert: Int?
    /// The share of its unseen neurons that agree.
    package var share: Double
    /// The neurons that agree, among all that were read, sorted by index in the candidate.
    package var neurons: [Neuron]
  }

  /// The evidence of the match.
  package var evidence: BasisEvidence
  /// The source of seeds that led to the match.
  package var source: SeedSource
  /// Every unit of the candidate, in its order.
  package var units: [Unit]
  /// All matched neurons of all units, as rows among the neurons that were read.
  var pairs: [NeuronPair]
  /// For each of `pairs`, −1 if up and down have the opposite sign, else 1.
  var signs: [Int]
}
