package import WeightSimilarity

extension Mixture {
  /// The mixtures among `count` models of one anatomy, from the inner products of all of them alone; ascending by candidate.
  ///
  /// A mixture has to leave nothing but rounding: a non-negative combination of the fewest parents, matrix by matrix (linear merges, arcs,
  /// passthrough), or of a base's task vectors with factors below 1. Where the parents have no common origin, parts that stand out are
  /// enough, tuning or not. Token tables and vectors have no part in it, models with
  /// weights that are not finite or not stored as plain floating point are no candidates.
  ///
  /// Cost: for each model all pairs of the others, and all triples and fours of the 16 nearest, most of which fail at the first matrix.
  ///
  /// Of equal models the first in `order` stands for all. With `foundations`, parents are among these alone, and the others are the candidates.
  package static func find(in matrices: [GramMatrix], models count: Int, foundations: Set<Int>? = nil, order: [Int]? = nil)
    -> [Mixture]
  {
    let search = MixtureSearch(matrices, models: count, foundations: foundations, order: order ?? Array(0..<count))
    return (0..<count).compactMap { search.mixture($0) }
  }
}
