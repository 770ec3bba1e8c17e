import ModelAnatomy

/// The roles of the matrices of a table's layers: every plan that explains the most elements, ranked by the weights.
struct LayerRoles: Sendable {
  /// One reading of a layer's matrices.
  struct Choice: Sendable {
    /// Attention; nil if the layer has no supported attention.
    var attention: LayerPlan?
    /// The MLP that every token passes; nil if experts replace it.
    var mlp: LayerPlan?
    /// The experts' MLP.
    var experts: LayerPlan?
    /// The slot of the router.
    var router: Int?
    /// The head layout, if the weights determine it.
    var heads: HeadLayout?
    /// See ``RoleReading/distance``.
    var distance = 0.0

    /// The slots that have a role.
    var slots: Set<Int> {
      [attention, mlp, experts].compactMap(\.self).reduce(into: Set([router].compactMap(\.self))) { $0.formUnion($1.slots) }
    }
  }

  /// The likeliest first; never empty, but a choice may have no roles.
  let choices: [Choice]
  /// Elements of the layers' parameters that the choices explain: equal for all choices.
  let explained: Int
  /// Whether the matrices are `[in, out]`.
  let isTransposed: Bool

  /// Readings farther than this from the likeliest are not kept: a plan of a layer with seven square matrices is one of 5040, and
  /// the chance that a right one lies six standard deviations below a wrong one is 10⁻⁹.
  static let mostDistance = 6.0
}
