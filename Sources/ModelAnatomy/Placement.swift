/// What a parameter is found to be: a weight, or several (a fused tensor, a stack of experts), each a part of it in a role.
struct Placement: Sendable, Hashable {
  /// Which of the parameters.
  var parameter: Int
  /// What of it.
  var part = Parameter.Part.whole
  /// What it does.
  var role: Role
  /// The layer's number; nil outside of all layers.
  var layer: Int?
  /// The expert inside the layer, where there are several.
  var expert: Int?

  /// Few placements are of one parameter, and those of a stack have an expert each.
  func hash(into hasher: inout Hasher) {
    hasher.combine(parameter)
    hasher.combine(expert)
  }
}
