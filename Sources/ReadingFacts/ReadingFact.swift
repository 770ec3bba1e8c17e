/// A limit of the reading of a model, or an unusual property of its files.
package enum ReadingFact: Sendable, Hashable {
  /// A property of the model's files, or of its adapter's files.
  case checkpoint(CheckpointFact)
  /// A limit of the adapter.
  case adapter(AdapterFact)
  /// Tensors with quantised codes and scales that cannot be decoded were left out; `formats` are the first few formats, sorted.
  case undecodedTensors(Int, formats: [String])
  /// Tensors with integers that are not weights were left out.
  case integerTensors(Int)
  /// The names of the tensors are unknown: roles were inferred. `undecided` are roles that another likely reading exchanges.
  case inferredRoles([InferenceFact], undecided: [[String]])
}
