package import ChangeAnalysis
package import Lineage
package import ModelAnatomy
package import WeightSimilarity

/// What a comparison of two models found.
///
/// Read `cosine` together with `coverage`: a cosine of 1 over a tenth of the parameters is not the same finding as over all.
public struct ComparisonResult: Sendable {
  /// The model whose origin you want to know.
  public let candidate: ModelSummary
  /// The model that the candidate may come from.
  public let foundation: ModelSummary
  /// What was found of each pair of weights.
  package let similarity: InPlaceSimilarity
  /// What that means.
  package let verdict: Verdict
  /// What tuning changed; nil where that was not looked at, or masks hide it.
  package let change: Change?
  /// Every layer with every layer; nil where it was not asked for, or where there are too many layers.
  package let matrix: LayerMatrix?

  /// Whether candidate and foundation are the same files, whatever their paths are: then `identical` says nothing.
  public let isOneModel: Bool

  package init(
    candidate: ModelDescription, foundation: ModelDescription, similarity: InPlaceSimilarity, verdict: Verdict, change: Change?,
    matrix: LayerMatrix? = nil, isOneModel: Bool = false
  ) {
    self.isOneModel = isOneModel
    (self.candidate, self.foundation) = (ModelSummary(candidate), ModelSummary(foundation))
    (self.similarity, self.verdict, self.change, self.matrix) = (similarity, verdict, change, matrix)
  }

  /// What the candidate is to the foundation. Which of the two came first, the weights of a pair do not say.
  public var relation: Relation { Relation(verdict.relation) }
  /// How strong the evidence for kinship is, 0 … 1; at least 0.5 for the relations that are kinship.
  public var score: Double { verdict.score }
  /// Share of the candidate's parameters that were compared, 0 … 1; nil when it has none.
  public var coverage: Double? { verdict.coverage }
  /// Mean cosine of the matrices in the coordinates in which they are stored, weighted by parameters, −1 … 1; nil when nothing was compared.
  public var cosine: Double? { verdict.cosine }
  /// The same in the foundation's coordinates, once masks are undone; nil where no mask was found.
  public var alignedCosine: Double? { verdict.alignedCosine }
  /// Base-10 logarithm of the p-value of the strongest test, corrected for the number of alternatives that were tried; nil without a test.
  public var log10P: Double? { verdict.log10P }
  /// The tests that the relation rests on.
  public var evidence: [Evidence] { verdict.evidence.map { Evidence($0) } }
  /// One entry for each layer of the candidate that has a counterpart, ascending.
  public var layers: [GroupComparison] {
    similarity.layers.map { GroupComparison($0.similarity, layer: $0.layer, foundationLayer: $0.foundationLayer) }
  }
  /// One entry for each role that has a matrix, such as `q_proj`.
  public var roles: [GroupComparison] { similarity.roles.map { GroupComparison($0.similarity, role: $0.role) } }
  /// One entry for each pair of tensors, by layer and role.
  public var tensors: [TensorComparison] { similarity.tensors.map { TensorComparison($0) } }
  /// Cosines of every layer of the candidate with every layer of the foundation; nil where they were not asked for.
  public var layerMatrix: HeatmapResult? {
    matrix.map { HeatmapResult(candidate: candidate.description, foundation: foundation.description, matrix: $0) }
  }
}
