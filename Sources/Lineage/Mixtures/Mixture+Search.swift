package import WeightSimilarity

extension Mixture {
  /// The mixtures among `count` models of one anatomy, from the inner products of all models alone; ascending by candidate.
  ///
  /// A mixture must leave only rounding. It is a non-negative combination of the fewest parents, matrix by matrix (linear merges,
  /// arcs, passthrough), or of a base's task vectors with factors below 1. If the parents have no common origin, parts that stand
  /// out are enough, with or without tuning. Token tables and vectors are not used. Models with weights that are not finite or
  /// not stored as plain floating point are no candidates.
  ///
  /// Cost: for each model all pairs of the others, and all triples and quadruples of the 16 nearest. Most of them fail at the
  /// first matrix.
  ///
  /// Of equal models, the first in `order` represents all. With `foundations`, only these can be parents, and the others are the
  /// candidates.
  package static func find(in matrices: [GramMatrix], models count: Int, foundations: Set<Int>? = nil, order: [Int]? = nil)
    -> [Mixture]
  {
    let search = MixtureSearch(matrices, models: count, foundations: foundations, order: order ?? Array(0..<count))
    return (0..<count).compactMap { search.mixture($0) }
  }
}
