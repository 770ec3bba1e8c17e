package import ModelAnatomy
package import WeightSimilarity

/// The similarity of every layer of a candidate with every layer of a foundation.
public struct HeatmapResult: Sendable {
  /// What a cell measures.
  public enum Metric: String, Sendable, CaseIterable {
    /// Σab / √(Σa²·Σb²), −1 … 1.
    case cosine
    /// The cosine after the mean of each matrix is subtracted.
    case centred
    /// The cosine after the candidate's masks are undone.
    case aligned
  }

  /// The model whose origin you want to know.
  public let candidate: ModelSummary
  /// The model that the candidate may come from.
  public let foundation: ModelSummary
  package let matrix: LayerMatrix

  package init(candidate: ModelDescription, foundation: ModelDescription, matrix: LayerMatrix) {
    (self.candidate, self.foundation) = (ModelSummary(candidate), ModelSummary(foundation))
    self.matrix = matrix
  }

  /// Layer numbers of the rows.
  public var candidateLayers: [Int] { matrix.candidateLayers }
  /// Layer numbers of the columns.
  public var foundationLayers: [Int] { matrix.foundationLayers }
  /// A row for each of `candidateLayers` with a cell for each of `foundationLayers`; nil where the two layers have nothing to
  /// compare. Over all roles a cell is the mean of the roles' cosines, weighted by parameters.
  public var cells: [[Double?]] { matrix.cells }
}
