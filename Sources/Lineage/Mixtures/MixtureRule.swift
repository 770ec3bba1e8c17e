extension Mixture {
  /// What a mixture has to show. Each number has a reason; none was fitted to models at hand.
  enum Rule {
    /// A fit is exact when its residual is at most so many times the norm of what rounding to the stored type leaves: tools that mix in
    /// that type round a handful of times, and nine roundings have three times one's norm.
    static let roundings = 3.0
    /// The square of the least relative residual that counts as one: inner products are known to 1e-8.
    static let leastResidual = 1e-7
    /// Several parents must leave at most this share of the squared residual of the best with one fewer: a step along a training's path
    /// lies between two others too, but not on the line.
    static let mostOfResidual = 0.1
    /// A coefficient below it is none: 2 % of a parent cannot be told from what relatives have in common.
    static let leastShare = 0.02
    /// Relatives' parts count as mixed only when at least half of the parameters in which the parents differ are: layers that are one
    /// parent's alone may be frozen layers of children that were tuned elsewhere.
    static let leastMixed = 0.5
    /// Models whose cosine is below it have no common origin as far as mixtures go: the trace of `Verdict.Rule.leastExcess`.
    static let unrelated = 0.03
    /// The least part of a parent, as a share of the candidate's norm, where tuning leaves a residual: what the tests of kinship see.
    static let leastPart = 0.1
    /// The least mean cosine of such a parent: one that has its part in layers of its own has a cosine of 1 there, and they are the square
    /// of its part; half of that, for what strangers have with it elsewhere.
    static let leastLikeness = leastPart * leastPart / 2
    /// The most parents that are looked for.
    static let mostParents = 4
    /// Among so many models, those most like the candidate, three and more parents are looked for.
    static let shortList = 16
  }
}
