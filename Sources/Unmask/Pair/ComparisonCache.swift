import AttentionCircuits
import BasisRecovery

/// What was read of models that occur in several pairs. Results do not depend on it.
package struct ComparisonCache: Sendable {
  /// Their neurons.
  let neurons = NeuronCache()
  /// Their attention heads.
  let heads = HeadCache()
}
