/// The constants of the search for neurons, each with its reason. Sizes, which cost memory and time, are in `SearchSizes`.
///
/// None of them decides a verdict by itself: the verdict rests on `BasisEvidence`, whose p-value is valid whatever was tried. A
/// wrong number here makes the search miss a copy or take longer.
enum SearchRule {
  // MARK: When a search ends

  /// If more than this share of unseen neurons agrees, no other source of seeds is tried: only a tenth could still be gained.
  static let enough = 0.9
  /// The same limit in a search over only the largest neurons: a quarter of them is enough to guide the search over all neurons.
  static let enoughOfScreen = 0.25
  /// log10 of the p-value above which the largest neurons show nothing: unrelated models are above it nine times in ten.
  static let log10Nothing = -1.0
  /// A search over the largest neurons could have detected a copy if, with an agreement of this share of them, …
  static let leastShareSeen = 0.1
  /// … log10 of the p-value would have been at most this: a hundred times below the 10⁻⁶ that a verdict requires.
  static let log10Visible = -8.0
  /// Up to this log10 of the bound by labels, a source has shown something and is worth the second half. Unrelated models reach
  /// it once in ten times at most.
  static let log10Seen = -1.0
  /// At this log10 of the bound by labels, on both halves, chance is practically impossible. Only then may a search end early:
  /// ending by chance would invalidate the permutation test.
  static let log10BeyondChance = -12.0
  /// log10 of the probability, corrected for the number of units, up to which a unit's agreement is not chance: one error in a
  /// thousand models.
  static let log10UnitSignificance = -3.0
  /// If more than this share of unseen neurons agrees, a reading of gates, ups and downs is right: a wrong one leaves only the
  /// matrices that both readings have in common, and no neuron agrees on all three.
  static let rightReading = 0.5
  /// The number of readings of two models that are tried: gate and up in either order, in both models.
  static let mostReadings = 4

  // MARK: Alternation of matches and basis

  /// The largest number of rounds. Successful fits settle in five to ten.
  static let mostRounds = 14
  /// The number of rounds in a row without more agreement after which the alternation ends.
  static let mostIdleRounds = 3
  /// The number of rounds in which every unit is compared with every allowed unit; later rounds use only the likeliest few.
  static let roundsAmongAll = 2
  /// The number of the foundation's units with which a unit is compared in later rounds.
  static let likeliestUnits = 3
  /// A basis has taken hold when one neuron in this many agrees: then all units are compared once more.
  static let neuronsPerHold = 20
  /// The number of neurons that must agree before the origin of a unit is beyond doubt, …
  static let leastBeyondDoubt = 10
  /// … and the factor by which they must outnumber those of the unit's second likeliest origin.
  static let timesSecond = 5

  // MARK: Frames of wide models

  /// The largest number of frames that are built one from another.
  static let mostFrames = 3
  /// The number of rounds in each frame: the next frame is better than more rounds in this one.
  static let roundsOfFrame = 4
  /// A frame is the last one if the number of agreeing neurons grew by less than one in this many, …
  static let leastGrowth = 50
  /// … or if fewer than one neuron in this many agrees: no better frame could be built from them.
  static let leastAgreement = 50

  // MARK: Seeds

  /// The smallest number of seeds, if there are as many mutual nearest neighbours; beyond it, the better half of them.
  static let leastSeeds = 20
}
