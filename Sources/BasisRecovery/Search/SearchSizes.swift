/// How much of two models a search for neurons reads and compares.
struct SearchSizes: Sendable {
  /// In models wider than this, neurons are compared in a frame of so many seeds instead of in a basis.
  var frame = 512
  /// Neurons read of a model, unless that leaves too few of a unit: what they cost in memory (300 MB at a width of 4096) and in time.
  var neurons = 6_144
  /// MLPs of a model that are read, unless it has more layers: with 256 experts a layer all with all would be 200 million pairs.
  var units = 256
  /// Neurons read of a unit.
  var unit = 64...512
  /// Neurons of a model in the first search, at least: with so many an agreement of a tenth is beyond chance.
  var screen = 768
  /// Random orders of the permutation test.
  var permutations = 999
  /// Draws of the null distribution of each kind.
  var draws = 8

  /// The neurons read of a unit when a model has so many.
  func most(units: Int) -> Int { min(max(neurons / max(units, 1), unit.lowerBound), unit.upperBound) }

  /// The experts of a layer that are read in a model of so many layers.
  func experts(layers: Int) -> Int { max(1, units / max(layers, 1)) }

  /// The neurons of a unit in the first search: so many that their rows (three a neuron, of which a fit sees one half) are some nine
  /// times as many as a basis of this width has degrees of freedom for.
  func screened(units: Int, width: Int) -> Int {
    max(max(screen, 6 * min(width, frame)) / max(units, 1), unit.lowerBound)
  }
}
