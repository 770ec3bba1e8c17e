extension RunSettings {
  /// Throws when the computation was cancelled, or when a file of the model was changed, cut or lost during reading.
  package func check(_ model: Model) throws(UnmaskError) { try check(model.anatomy) }
}
