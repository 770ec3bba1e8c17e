/// How much of two models a search for neurons looks at.
struct SearchSizes: Sendable {
  /// Wider than this, a frame of so many seeds takes the basis' place.
  var frame = 512
  /// Neurons read of a model, unless that leaves too few of a unit: what they cost in memory (300 MB at a width of 4096) and in time.
  var neurons = 6_144
  /// MLPs of a model that are looked at, unless it has more layers: of 256 experts a layer all with all would be 200 million pairs.
  var units = 256
  /// Neurons read of a unit.
  var unit = 64...512
  /// Neurons of a model that are looked at before all that were read, at least: their tenth is beyond chance.
  var screen = 768
  /// Random orders of the permutation test.
  var permutations = 999
  /// Draws of the null of each kind.
  var draws = 8

  /// The neurons read of a unit when a model has so many.
  func most(units: Int) -> Int { min(max(neurons / max(units, 1), unit.lowerBound), unit.upperBound) }

  /// The experts of a layer that are looked at in a model of so many layers.
  func experts(layers: Int) -> Int { max(1, units / max(layers, 1)) }

  /// The neurons of a unit that are looked at first: so many that their three rows each, of which one half is seen, are some nine times
  /// what a basis of this width has freedom for.
  func screened(units: Int, width: Int) -> Int {
    max(max(screen, 6 * min(width, frame)) / max(units, 1), unit.lowerBound)
  }
}
