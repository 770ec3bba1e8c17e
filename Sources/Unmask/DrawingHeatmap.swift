import ModelAnatomy
import RoleInference
import WeightSimilarity

/// Compares every layer of the model at the path `candidate` with every layer of the model at the path `foundation`.
///
/// - Parameters:
///   - candidate: The path of the model whose layers are the rows.
///   - foundation: The path of the model whose layers are the columns.
///   - base: The path of the base, when one of the two is an adapter; nil for the base that its configuration names.
///   - metric: What a cell measures.
///   - role: One role, such as `q_proj`; nil for all matrices of a layer.
///   - component: The name or kind of the part to compare, such as `vision_tower`; nil for the main part.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the work early, with an error of the kind `cancelled`.
/// - Throws: ``UnmaskError``: a model cannot be opened or read; there are more than a million pairs of layers; the two models do
///   not have this role, or have no comparable layers; for ``HeatmapResult/Metric/aligned`` also where no neurons of one model
///   are found in the other.
/// - Complexity: One read of both models and L_candidate · L_foundation · (parameters of a layer) multiplications.
public func heatmap(
  candidate: String, foundation: String, base: String? = nil, metric: HeatmapResult.Metric = .cosine, role: String? = nil,
  component: String? = nil, threads: Int? = nil, progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> HeatmapResult {
  let models = try Model.pair(candidate: candidate, foundation: foundation, base: base, threads: threads)
  return try heatmap(
    candidate: models.candidate, foundation: models.foundation, metric: metric, role: role, component: component,
    threads: threads, progress: progress, cancellation: cancellation)
}

/// Compares every layer of one open model with every layer of another; see
/// ``heatmap(candidate:foundation:base:metric:role:component:threads:progress:cancellation:)``.
public func heatmap(
  candidate: Model, foundation: Model, metric: HeatmapResult.Metric = .cosine, role: String? = nil,
  component: String? = nil, threads: Int? = nil, progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> HeatmapResult {
  try heatmap(
    candidate, foundation, metric: metric, role: role, component: component,
    RunSettings(threads: threads, progress: progress, cancellation: cancellation))
}

/// Compares every layer of one open model with every layer of another.
package func heatmap(
  _ candidate: Model, _ foundation: Model, metric: HeatmapResult.Metric, role: String?, component: String?, _ run: RunSettings
) throws(UnmaskError) -> HeatmapResult {
  let paths = [candidate.path, foundation.path]
  let parts = try ModelParts(candidate: candidate, foundation: foundation, component: component, workers: run.workers).main
  let anatomies = ModelReading.agreeing(parts.candidate.anatomy, parts.foundation.anatomy)
  let layers = LayerHeatmap(candidate: anatomies.0, foundation: anatomies.1)
  let role = try role.map { name throws(UnmaskError) in try layers.role(named: name) }
  try layers.checkDepth(candidate.path, foundation.path)
  let matrix: LayerMatrix
  switch metric {
  case .cosine: matrix = try layers.matrix(role: role, metric: .cosine, run)
  case .centred: matrix = try layers.matrix(role: role, metric: .centred, run)
  case .aligned:
    guard let found = try layers.matrix(aligned: try layers.alignment(run), role: role, run) else {
      throw UnmaskError(.invalid, .nothingToAlign(paths))
    }
    matrix = found
  }
  try run.check(candidate.anatomy, foundation.anatomy)
  guard matrix.cells.contains(where: { $0.contains { $0 != nil } }) else {
    throw UnmaskError(.invalid, layers.hasNothingInCommon(role, run) ? .nothingInCommon(paths) : .noCosine(paths))
  }
  return HeatmapResult(
    candidate: ModelDescription(of: anatomies.0, listing: false), foundation: ModelDescription(of: anatomies.1, listing: false),
    matrix: matrix)
}
