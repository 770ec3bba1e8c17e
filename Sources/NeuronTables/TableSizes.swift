/// The sizes of a search by tables.
struct TableSizes: Sendable {
  /// Neurons of a table. With 128, half of them held out, an agreement of all has a p-value of 1 / 64! = 10⁻⁸⁹, and a model of 30
  /// layers takes 12 MB.
  var neurons = 128
  /// Neurons that are tested for near copies, as a multiple of `neurons`: a model whose neurons were each split in four still
  /// gives `neurons` different ones.
  var split = 4
  /// Cosine of two gates (ups, without gates) from which the second one is a copy of the first. Gates of trained models, which have
  /// kinds, reach 0.8.
  var copyCosine: Float = 0.95
  /// Rounds in which partners are chosen anew.
  var rounds = 5
  /// The tenths of the mutual choices that a round keeps: the most alike ones.
  var keptTenths = 7
  /// The smallest number of partners, and of neurons held out, with which anything is counted.
  var least = 6
  /// The number of the foundation's units, those that look most alike, that a unit is compared with.
  var compared = 2
  /// MLPs that are read from a model with experts, as in `SearchSizes`.
  var units = 256

  /// The number of experts read from each layer.
  func experts(layers: Int) -> Int { max(1, units / max(layers, 1)) }
}
