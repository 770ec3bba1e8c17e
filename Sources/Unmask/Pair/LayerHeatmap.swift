import BasisRecovery
import Lineage
import ModelAnatomy
import WeightSimilarity

/// Compares every layer of a candidate with every layer of a foundation, and checks whether this can be computed.
struct LayerHeatmap {
  let candidate: Anatomy
  let foundation: Anatomy

  /// Whether the number of pairs of layers is within the limit.
  var isPossible: Bool { LayerPairs.canBeTried(candidate, foundation) }

  /// Throws for models with too many layers; the paths are for the error.
  func checkDepth(_ candidatePath: String, _ foundationPath: String) throws(UnmaskError) {
    guard !isPossible else { return }
    throw UnmaskError(
      .invalid, .tooManyLayers([candidatePath, foundationPath], [candidate.layers, foundation.layers], most: LayerPairs.most))
  }

  /// The role with this name, when both models have a matrix of this role in their layers.
  func role(named name: String) throws(UnmaskError) -> Role {
    let roles = { (anatomy: Anatomy) in Set(anatomy.weights.filter { $0.layer != nil && $0.isMatrix }.map(\.role)) }
    let shared = roles(candidate).intersection(roles(foundation))
    guard shared.contains(Role(name: name)) else {
      throw UnmaskError(.usage, .unknownRole(name, shared: shared.sorted().map(\.name)))
    }
    return Role(name: name)
  }

  /// The matrix in the coordinates in which the weights are stored. One read of both models, L² products of layers.
  func matrix(role: Role?, metric: LayerMatrix.Metric, _ run: RunSettings) throws(UnmaskError) -> LayerMatrix {
    try RequiredLibrary.open()
    let products = self.products(role, run)
    return run.watching(.layerProducts, total: products.bytes) { products.reporting(to: $0).matrix(metric) }
  }

  /// The matrix in the foundation's coordinates; nil without an alignment.
  func matrix(aligned alignment: Alignment?, role: Role? = nil, _ run: RunSettings) throws(UnmaskError) -> LayerMatrix? {
    guard let alignment else { return nil }
    try RequiredLibrary.open()
    return run.watching(.layerProducts, total: 0) { _ in AlignedPass(alignment, workers: run.workers).matrix(role: role) }
  }

  /// The alignment from the foundation's neurons that are found in the candidate; nil when none are found.
  func alignment(_ run: RunSettings) throws(UnmaskError) -> Alignment? {
    try RequiredLibrary.open()
    let search = run.watching(.step(.neurons), total: 0) { _ in
      NeuronFinder.search(candidate: candidate, foundation: foundation, workers: run.workers)
    }
    guard search.outcome.isKin, let found = search.found else { return nil }
    return run.watching(.step(.alignment), total: 0) { _ in Alignment(found, workers: run.workers) }
  }

  /// Whether no layer of one model has a matrix with the role and shape of a matrix of the other model.
  func hasNothingInCommon(_ role: Role?, _ run: RunSettings) -> Bool { products(role, run).bytes == 0 }

  private func products(_ role: Role?, _ run: RunSettings) -> LayerProducts {
    LayerProducts(candidate: candidate, foundation: foundation, role: role, workers: run.workers)
  }
}
