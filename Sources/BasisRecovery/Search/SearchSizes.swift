/// The amount of data that a search for neurons reads from two models and compares.
struct SearchSizes: Sendable {
  /// In models wider than this, neurons are compared in a frame of this many seeds instead of in a basis.
  var frame = 512
  /// The number of neurons read from a model, unless that leaves too few per unit. It limits memory (300 MB at a width of 4096)
  /// and time.
  var neurons = 6_144
  /// The number of MLPs read from a model, unless it has more layers: with 256 experts per layer there would be 200 million
  /// pairs.
  var units = 256
  /// The smallest and the largest number of neurons read from a unit.
  var unit = 64...512
  /// The smallest number of neurons of a model in the first search: with this many an agreement of a tenth is beyond chance.
  var screen = 768
  /// The number of random orders of the permutation test.
  var permutations = 999
  /// The largest number of draws of the null distribution of each kind.
  var draws = 8

  /// The number of neurons read from a unit in a model with this many units.
  func most(units: Int) -> Int { min(max(neurons / max(units, 1), unit.lowerBound), unit.upperBound) }

  /// The number of experts read per layer in a model with this many layers.
  func experts(layers: Int) -> Int { max(1, units / max(layers, 1)) }

  /// The number of neurons of a unit in the first search. Their rows (three per neuron, of which a fit sees one half) are about
  /// nine times as many as the rows for which a basis of this width has degrees of freedom.
  func screened(units: Int, width: Int) -> Int {
    max(max(screen, 6 * min(width, frame)) / max(units, 1), unit.lowerBound)
  }
}
