import TensorViews

extension Anatomy {
  /// The parameters as the file stores them, each whole and without a role, to be compared with another model's whatever both are called.
  ///
  /// In the order of the parameters: their indices are what `ModelReading.anatomy(of:as:counterparts:)` takes. O(parameters).
  package var storedParameters: [Weight] {
    reading.parameters.map { parameter in
      let role = Role(name: parameter.name)
      // A stack of experts has another shape in `reading`; two files are compared in the shapes that they store.
      if case .stored = parameter.content { return Weight(tensor: parameter.tensor, of: source.base, role: role) }
      return parameter.weight(.whole, of: source.base, role: role, layer: nil)
    }
  }
}
