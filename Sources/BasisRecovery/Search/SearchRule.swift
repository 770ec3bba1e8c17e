/// The numbers that steer the search for neurons, each with its reason. Sizes, which cost memory and time, are `SearchSizes`.
///
/// None of them decides a verdict by itself: the verdict rests on `BasisEvidence`, whose p-value holds whatever was tried. A wrong number
/// here makes the search miss a copy or take longer.
enum SearchRule {
  // MARK: When a search ends

  /// The share of unseen neurons that agree beyond which no other source of seeds is tried: only a tenth could still be gained.
  static let enough = 0.9
  /// The same share in a search over the largest neurons alone: a quarter of them shows where to look among all neurons.
  static let enoughOfScreen = 0.25
  /// log10 of the p-value above which the largest neurons show nothing: strangers are above it nine times in ten.
  static let log10Nothing = -1.0
  /// Whether a search over the largest neurons could have seen a copy at all: if this share of them had agreed …
  static let leastShareSeen = 0.1
  /// … log10 of the p-value would have been at most this: a hundred times below the 10⁻⁶ that a verdict asks for.
  static let log10Visible = -8.0
  /// log10 of the bound by labels up to which a source has shown something, so that it is worth the second half. Strangers reach
  /// it once in ten times at most.
  static let log10Seen = -1.0
  /// log10 of the bound by labels at which chance is all but impossible, on both halves: only then may a search end early, since ending
  /// by chance would spoil the permutation test.
  static let log10BeyondChance = -12.0
  /// log10 of the probability, after all units are counted, up to which a unit's agreement is no chance: one error in a thousand models.
  static let log10UnitSignificance = -3.0
  /// The share of unseen neurons beyond which a reading of gates, ups and downs is right: a wrong one leaves only the matrices that
  /// both readings have in common, and no neuron agrees on all three.
  static let rightReading = 0.5
  /// Readings of two models that are tried: gate and up either way in both models.
  static let mostReadings = 4

  // MARK: Turns of matches and basis

  /// Rounds at most. Fits that succeed settle in five to ten.
  static let mostRounds = 14
  /// Rounds in a row without further agreement after which the turns end.
  static let mostIdleRounds = 3
  /// Rounds in which every unit is compared with every unit that it may come from; afterwards with the likeliest few.
  static let roundsAmongAll = 2
  /// Units of the foundation with which a unit is compared in later rounds.
  static let likeliestUnits = 3
  /// A basis has taken hold when one neuron in so many agrees: then all units are compared once more.
  static let neuronsPerHold = 20
  /// Neurons that must agree before the origin of a unit is beyond doubt, …
  static let leastBeyondDoubt = 10
  /// … and how many times as many as with the unit's second likeliest origin.
  static let timesSecond = 5

  // MARK: Frames of wide models

  /// Frames that are built one from another at most.
  static let mostFrames = 3
  /// Rounds in each frame: the next frame is better than more rounds in this one.
  static let roundsOfFrame = 4
  /// A frame is the last one when the neurons that agree grew by less than one in so many, …
  static let leastGrowth = 50
  /// … or when fewer than one neuron in so many agrees: there is nothing from which a better frame could be built.
  static let leastAgreement = 50

  // MARK: Seeds

  /// Seeds at least, where there are as many mutual nearest neighbours; beyond, the better half of them.
  static let leastSeeds = 20
}
