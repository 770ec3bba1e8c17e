package import ModelAnatomy

/// The limit on the number of compared pairs of layers. The time and memory of a search over all layers grow with the product of
/// the layer counts, and a small file can claim a million layers.
///
/// The limit is 1,024 × 1,024 layers. The deepest published transformer has 1,000 (DeepNet, 2022), the deepest in use 126.
package enum LayerPairs {
  /// The most pairs of layers that are compared.
  package static let most = 1 << 20

  /// Whether every layer of one model can be compared with every layer of another. If not, the models are compared in place only.
  package static func canBeTried(_ candidate: Anatomy, _ foundation: Anatomy) -> Bool {
    canBeTried(candidate.layers, foundation.layers)
  }

  /// Whether every layer of a model of `candidate` layers can be compared with every layer of one of `foundation` layers.
  package static func canBeTried(_ candidate: Int, _ foundation: Int) -> Bool { count(candidate, foundation) <= most }

  /// How many of the `wanted` readings of two models are tried, when each compares all pairs of layers. At least one, the
  /// likeliest.
  package static func readings(_ wanted: Int, _ candidate: Anatomy, _ foundation: Anatomy) -> Int {
    min(wanted, max(1, most / max(1, count(candidate.layers, foundation.layers))))
  }

  /// L_c · L_f, or the largest integer if the product overflows.
  static func count(_ candidate: Int, _ foundation: Int) -> Int {
    let count = candidate.multipliedReportingOverflow(by: foundation)
    return count.overflow ? .max : count.partialValue
  }
}
