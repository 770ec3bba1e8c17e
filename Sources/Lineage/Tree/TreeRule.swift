import RealModule

/// What counts how much when the members of a family are put in order. Odds are judgements, each with its reason, some
/// of them made when the project's small models were at hand; each piece of evidence is named with its own on its edge.
enum TreeRule {
  /// An edge has a direction when that is so many times likelier than the reverse: one arrow in ten may point the wrong way …
  static let leastOdds = 9.0
  /// … and this likely at least, against the reverse and a parent of both that is not here together. Its figure says how likely.
  static let leastConfidence = 0.8
  /// Before looking, one of twenty nearest relatives are siblings whose parent is not here; the others descend one from the other.
  static let siblings = 0.05
  /// What storage and construction say: codes do not become the numbers that they were rounded from.
  static let certain = Double.log(999.0)
  /// What cannot well be undone: copied layers, copied experts, folded gains under a rotated basis.
  static let strong = Double.log(99.0)
  /// What is done in one direction as a rule: layers dropped, widths pruned.
  static let usual = Double.log(19.0)
  /// What is mostly done in one direction, too little to decide alone: tokens are added more often than taken away, gains folded more often
  /// than learnt anew, a copy hidden more often than what everybody else was made of.
  static let likely = Double.log(5.0)
  /// Evidence is against both directions when neither (a common parent that is not here) is more than e times as likely as the likelier of the
  /// two: less than that is the error of the likelihoods, which are judgements themselves.
  static let againstBoth = 1.0
  /// A hundredth of a squared distance weighs as much as odds of e : 1. So even what is certain moves a model to another parent only
  /// where that is farther by less than 7 %: who is next to whom is in the distances, who was first in the rest.
  static let distanceWeight = 100.0
  /// Training keeps coordinates, so kin in a model's own ones go before kin whose masks were undone, however near: what was undone was fitted
  /// to that pair, and flatters it. More than any two distances differ by, less than one more root costs.
  static let bridge = 5_000.0
  /// How far back towards its grandparent a child is moved by chance, as a share of its step: training has no reason to undo what the
  /// parent had learnt. Siblings that learnt nearly the same on the same data lack a little of each other's, so this is a narrow one.
  static let undone = 0.02
  /// How far successive steps go in one direction (their cosine): one training often goes on where another one stopped, and so do two siblings
  /// with common data.
  static let carriedOn = 0.05
  /// Half of the way between what both directions predict of the growth of norms: training adds to what is there, or decays it a little.
  static let growthScale = 0.5
  /// Cosines are known to 1e-6, distances no better.
  static let leastDistance = 1e-7
  /// A parent is looked for among so many of a model's nearest kin, and its neighbours in the tree of least distances.
  static let nearest = 16
  /// Gains vary a tenth of the other's or less, and the other's by more than rounding leaves: see `GainRewrite`.
  static let foldedGains = (share: 0.1, least: 0.008)
}
