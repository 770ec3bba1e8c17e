/// The files that hold a model's weights: chosen, but not yet read.
enum ModelWeights {
  case file(String)
  case index(String)
  /// The parts of a split file, in order.
  case parts([String])
  /// The parts of a model that is cut for several processors, in order.
  case ranks([String])
}
