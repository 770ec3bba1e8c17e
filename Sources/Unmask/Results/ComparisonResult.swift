package import ChangeAnalysis
package import Lineage
package import ModelAnatomy
package import WeightSimilarity

/// The result of a comparison of two models.
///
/// Read `cosine` together with `coverage`: a cosine of 1 over a tenth of the parameters is not the same finding as over all.
public struct ComparisonResult: Sendable {
  /// The model whose origin you want to know.
  public let candidate: ModelSummary
  /// The model that the candidate may come from.
  public let foundation: ModelSummary
  /// The comparisons of the candidate's parts, the main one first. The main part always has a counterpart.
  package let parts: [ComponentComparison]
  /// The measurements of the main part.
  package let similarity: InPlaceSimilarity
  /// The conclusion from the measurements of the main part, with what was found of the others.
  package let verdict: Verdict
  /// What tuning changed in the main part; nil where it was not measured, or where masks hide it.
  package let change: Change?
  /// The similarity of every layer of the main part with every layer; nil if it was not requested, or for too many layers.
  package let matrix: LayerMatrix?
  /// Names of the tensors of both models without a counterpart, in name order.
  package let unmatched: (candidate: [String], foundation: [String])

  /// What the weights say of the candidate's model card; nil where it was not requested.
  public internal(set) var card: CardResult?

  /// Whether candidate and foundation are the same files, even under different paths. In that case `identical` is no finding.
  public let isOneModel: Bool

  /// How far the comparison escalated; nil where that was not kept.
  package let depth: Depth?

  package init(
    candidate: ModelDescription, foundation: ModelDescription, main: ComponentComparison.Result, parts: [ComponentComparison],
    unmatched: (candidate: [String], foundation: [String]), matrix: LayerMatrix? = nil, isOneModel: Bool = false,
    depth: Depth? = nil
  ) {
    (self.isOneModel, self.depth) = (isOneModel, depth)
    (self.candidate, self.foundation) = (ModelSummary(candidate), ModelSummary(foundation))
    (similarity, verdict, change, self.matrix) = (main.similarity, main.verdict, main.change, matrix)
    (self.parts, self.unmatched) = (parts, unmatched)
  }

  /// The candidate's parts, the main one first; one for most models. The other properties of a result speak of the main part.
  public var components: [ComponentResult] { parts.map { ComponentResult($0) } }
  /// The names of the other parts that have a common origin with their counterparts, and `token_tables` where nothing but these has: a shared vision tower does not make one language
  /// model the child of another.
  public var sharedParts: [String] { verdict.sharedParts }
  /// The relation of the candidate's main part to the foundation. The weights of a pair do not show which of the two came first.
  public var relation: Relation { Relation(verdict.relation) }
  /// How strong the evidence is that the models are related, 0 … 1; at least 0.5 for relations with `isKinship`.
  public var score: Double { verdict.score }
  /// Share of the main part's parameters that were compared, 0 … 1; nil when it has none.
  public var coverage: Double? { verdict.coverage }
  /// Mean cosine of the matrices in the coordinates in which they are stored, weighted by parameters, −1 … 1; nil when nothing
  /// was compared.
  public var cosine: Double? { verdict.cosine }
  /// Mean cosine in the foundation's coordinates, after masks are undone; nil where no mask was found.
  public var alignedCosine: Double? { verdict.alignedCosine }
  /// Base-10 logarithm of the p-value of the strongest test, corrected for the number of alternatives tried; nil without a test.
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
  /// Cosines of every layer of the candidate with every layer of the foundation; nil where they were not requested.
  public var layerMatrix: HeatmapResult? {
    matrix.map { HeatmapResult(candidate: candidate.description, foundation: foundation.description, matrix: $0) }
  }
}
