/// The requirements for the method of a merge. Each number has a reason.
enum MergeRule {
  /// The share of telling elements that a merge explains: rounding explains all, and one in twenty is left for tools that round more
  /// often. A tuned model leaves most of its elements.
  static let leastExplained = 0.95
  /// The least explained share in a quarter of the matrices. They are tested before all matrices are. One matrix may explain less than
  /// the others.
  static let leastOfSome = 0.85
  /// An impostor explains as much with at most this probability: some hundred thousand models are compared.
  static let log10Most = -6.0
  /// At least this many elements tell something: a share is then known to within 0.05 with three standard deviations.
  static let fewest = 900
  /// With fewer telling elements a glimpse rules nothing out: a share of a quarter would be known to within 0.13.
  static let fewestOfGlimpse = 100
  /// The part of the elements that is taken for chance agreement of two explanations.
  static let chance = 0.02
  /// A description of the choice of elements is better than another if it is a thousand times as likely.
  static let logOdds = 6.9
  /// A guess with a smaller share of explained elements is given up. Of an unrelated change within the parents' range, the sums of two parents
  /// explain a seventh, as elements have a width of two tolerances and differ by eight.
  static let leastPossible = 0.25
  /// The least part of the squared change that lies in the span of the parents' changes: a density of a tenth.
  static let leastSpan = 0.1
  /// Squared distances that differ by less than this part are equal: where tunes of one length have a million independent elements, they
  /// differ by a thousandth.
  static let equalDistances = 0.02
  /// So many unexplained elements are no accident: with fewer, half of them is no difference.
  static let leastLeft = 12.0
  /// The largest number of parents, as in the search for mixtures.
  static let mostParents = 4
  /// Bases and parents are searched among this many models, those most like the candidate.
  static let shortList = 8
}
