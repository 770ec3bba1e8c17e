package import ModelAnatomy

/// How many pairs of layers are compared at most. A search over all layers costs their product, in time and in memory, and a small file
/// can claim a million layers.
///
/// 1,024 layers against 1,024. The deepest transformer that was published has 1,000 (DeepNet, 2022), the deepest in use 126.
package enum LayerPairs {
  /// The most pairs of layers that are compared.
  package static let most = 1 << 20

  /// Whether every layer of one model can be compared with every layer of another; else the models are compared in place only.
  package static func canBeTried(_ candidate: Anatomy, _ foundation: Anatomy) -> Bool {
    canBeTried(candidate.layers, foundation.layers)
  }

  /// Whether every layer of a model of `candidate` layers can be compared with every layer of one of `foundation` layers.
  package static func canBeTried(_ candidate: Int, _ foundation: Int) -> Bool { count(candidate, foundation) <= most }

  /// How many of `wanted` ways to read two models are tried, where each compares every layer with every layer: at least one, the likeliest.
  package static func readings(_ wanted: Int, _ candidate: Anatomy, _ foundation: Anatomy) -> Int {
    min(wanted, max(1, most / max(1, count(candidate.layers, foundation.layers))))
  }

  /// L_c · L_f, or the largest number where that is larger.
  static func count(_ candidate: Int, _ foundation: Int) -> Int {
    let count = candidate.multipliedReportingOverflow(by: foundation)
    return count.overflow ? .max : count.partialValue
  }
}
