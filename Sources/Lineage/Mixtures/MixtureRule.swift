extension Mixture {
  /// The requirements for a mixture. Each number has a reason; none was fitted to models at hand.
  enum Rule {
    /// A fit is exact if its residual is at most this many times the norm of rounding to the stored type. Tools that mix in that
    /// type round several times, and nine roundings have three times the norm of one.
    static let roundings = 3.0
    /// The square of the least relative residual that counts as one: inner products are accurate to 1e-8.
    static let leastResidual = 1e-7
    /// Several parents must leave at most this share of the squared residual of the best fit with one parent fewer. A step along
    /// a training path also lies between two others, but not on the line.
    static let mostOfResidual = 0.1
    /// Fewer parents must leave at least so many times the squared norm of rounding before that is taken off both residuals.
    static let leastOverRounding = 1.5
    /// A smaller coefficient counts as zero: 2 % of a parent cannot be separated from the common part of relatives.
    static let leastShare = 0.02
    /// Related parents count as mixed only if at least half of the parameters in which they differ are mixed. Layers from one
    /// parent alone may be frozen layers of children that were tuned elsewhere.
    static let leastMixed = 0.5
    /// Models with a smaller cosine count as unrelated for mixtures: the trace of `Verdict.Rule.leastExcess`.
    static let unrelated = 0.03
    /// The least part of a parent, as a share of the candidate's norm, if tuning leaves a residual: the limit of the relation
    /// tests.
    static let leastPart = 0.1
    /// The least mean cosine of such a parent. A parent that contributes whole layers has a cosine of 1 there, and these layers
    /// are the square of its part. The value is half of that, to allow for the cosine of unrelated models in the other layers.
    static let leastLikeness = leastPart * leastPart / 2
    /// The largest number of parents that is searched.
    static let mostParents = 4
    /// Three and more parents are searched among this many models, those most like the candidate.
    static let shortList = 16
  }
}
