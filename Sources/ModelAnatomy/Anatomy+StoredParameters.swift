import TensorViews

extension Anatomy {
  /// The parameters as the file stores them, each whole and without a role, for comparison with another model's parameters
  /// independent of names.
  ///
  /// In the order of the parameters: their indices are what `ModelReading.anatomy(of:as:counterparts:)` takes. O(parameters).
  package var storedParameters: [Weight] {
    reading.parameters.map { parameter in
      let role = Role(name: parameter.name)
      // A stack of experts has a different shape in `reading`; files are compared in their stored shapes.
      if case .stored = parameter.content { return Weight(tensor: parameter.tensor, of: source.base, role: role) }
      return parameter.weight(.whole, of: source.base, role: role, layer: nil)
    }
  }
}
