package import TensorViews

/// One weight as a part of a parameter, with its role. A fused tensor or a stack of experts has several.
package struct WeightAssignment: Sendable, Hashable {
  /// The index of the parameter.
  package var parameter: Int
  /// The part of the parameter.
  package var part: Parameter.Part
  /// The function of the weight in the model.
  package var role: Role
  /// The layer's number; nil outside of all layers.
  package var layer: Int?
  /// The expert inside the layer, where there are several.
  package var expert: Int?

  /// An assignment; by default of the whole parameter.
  package init(parameter: Int, part: Parameter.Part = .whole, role: Role, layer: Int? = nil, expert: Int? = nil) {
    self.parameter = parameter
    self.part = part
    self.role = role
    self.layer = layer
    self.expert = expert
  }

  /// Few assignments share a parameter, and those of a stack have different experts. So two fields distinguish nearly all of
  /// them.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(parameter)
    hasher.combine(expert)
  }
}
