/// A method of merging, by its name in mergekit.
///
/// With the base B, the differences Dᵢ = Tᵢ − B and weights wᵢ.
package enum MergeMethod: String, Sendable, CaseIterable, Hashable {
  /// Σ wᵢ·Tᵢ.
  case linear
  /// Along the arc between two models.
  case slerp
  /// The mean of several models on the sphere.
  case karcher
  /// Each layer from one model.
  case passthrough
  /// B + Σ wᵢ·Dᵢ.
  case taskArithmetic = "task_arithmetic"
  /// The largest elements of each Dᵢ; of those, the mean of the ones with the elected sign.
  case ties
  /// Random elements of each Dᵢ, divided by the density; their weighted sum.
  case dareLinear = "dare_linear"
  /// As `dareLinear`, but only the elements with the elected sign.
  case dareTies = "dare_ties"
  /// Random elements, the larger ones with a higher probability; only those with the elected sign.
  case della
  /// As `della`, without an election.
  case dellaLinear = "della_linear"
  /// The largest elements of each Dᵢ without the very largest; their weighted sum.
  case breadcrumbs
  /// As `breadcrumbs`, but only the elements with the elected sign.
  case breadcrumbsTies = "breadcrumbs_ties"
  /// The elements in which the models differ most, weighted by the energy of each model.
  case sce
  /// The mean of the models, drawn towards the base by the angle between the Dᵢ.
  case modelStock = "model_stock"
  /// The first model, each element moved towards the second by at most one distance.
  case nearswap
  /// The first model, with the elements of the second that matter most.
  case arceeFusion = "arcee_fusion"
  /// B + the change of the one model that changed an element, or the mean of several.
  case ram
}
