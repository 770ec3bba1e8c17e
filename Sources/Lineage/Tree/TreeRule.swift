import RealModule

/// The weights of evidence for ordering the members of a family. Odds are judgements, each with its reason. Some of them were
/// made with the project's small models at hand. Each edge lists its evidence, each piece with its odds.
enum TreeRule {
  /// An edge has a direction if that direction is this many times more likely than the reverse: one arrow in ten may be wrong …
  static let leastOdds = 9.0
  /// … and has at least this probability, against the reverse and a common parent outside the scan together. Its value is the
  /// probability.
  static let leastConfidence = 0.8
  /// The prior: one in twenty pairs of nearest relatives are siblings whose parent is not in the scan. In the others one descends
  /// from the other.
  static let siblings = 0.05
  /// Evidence from storage and construction: codes do not become the numbers that they were rounded from.
  static let certain = Double.log(999.0)
  /// Changes that are hard to undo: copied layers, copied experts, folded gains under a rotated basis.
  static let strong = Double.log(99.0)
  /// Changes that normally go in one direction: layers dropped, widths pruned.
  static let usual = Double.log(19.0)
  /// Changes that mostly go in one direction, too weak to decide alone. Tokens are added more often than removed. Gains are
  /// folded more often than learnt again. A copy is masked more often than the common origin of all others.
  static let likely = Double.log(5.0)
  /// Evidence counts against both directions if "neither" (a common parent that is not in the scan) is more than e times as
  /// likely as the more likely of the two. A smaller factor is within the error of the likelihoods, which are judgements
  /// themselves.
  static let againstBoth = 1.0
  /// A hundredth of a squared distance weighs as much as odds of e : 1. So even certain evidence moves a model to another parent
  /// only if that parent is less than 7 % farther. Distances decide which models are neighbours; the other evidence decides which
  /// was first.
  static let distanceWeight = 100.0
  /// Training keeps coordinates. So related models in the same coordinates come before related models whose masks were undone, at
  /// any distance: undoing a mask is fitted to that pair and makes it look too close. The value is more than the difference of
  /// any two distances, and less than the cost of one more root.
  static let bridge = 5_000.0
  /// How far a child moves back towards its grandparent by chance, as a share of its step: training has no reason to undo what
  /// the parent had learnt. Siblings that learnt nearly the same on the same data each lack a little of the other's change, so
  /// this value is small.
  static let undone = 0.02
  /// How far successive steps go in one direction (their cosine). One training often continues where another one stopped. Two
  /// siblings with common data show the same effect.
  static let carriedOn = 0.05
  /// Half of the distance between the predictions of both directions for the growth of norms: training adds to the weights, or
  /// decays them a little.
  static let growthScale = 0.5
  /// Cosines are accurate to 1e-6, and distances are not more accurate.
  static let leastDistance = 1e-7
  /// A parent is searched among this many of a model's nearest related models, and its neighbours in the tree of least distances.
  static let nearest = 16
  /// One model's gains vary at most a tenth as much as the other's, and the other's vary more than rounding causes: see
  /// `GainRewrite`.
  static let foldedGains = (share: 0.1, least: 0.008)
}
