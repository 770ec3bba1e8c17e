import Lineage

/// The comparison of one part of a candidate, such as its vision tower, with its counterpart in the foundation.
public struct ComponentResult: Sendable {
  /// The name of the part: `language_model`, `vision_tower`, `audio_tower`, `text_encoder`, `projector`, `draft_heads`, `other`,
  /// with a number behind it from the second part of a kind on (`vision_tower.2`).
  public let name: String
  /// The name of the foundation's part that it was compared with; nil where the foundation has no such part.
  public let foundation: String?
  /// Number of parameters of the candidate's part.
  public let parameters: Int
  /// The relation of the part to its counterpart; nil without one.
  public let relation: Relation?
  /// How strong the evidence is that the two parts are related, 0 … 1; nil without a counterpart.
  public let score: Double?
  /// Share of the part's parameters that were compared, 0 … 1; nil when nothing can be compared.
  public let coverage: Double?
  /// Mean cosine of the part's matrices in the coordinates in which they are stored, −1 … 1; nil when nothing was compared.
  public let cosine: Double?
  /// Mean cosine in the foundation's coordinates, after masks are undone; nil where no mask was found.
  public let alignedCosine: Double?
  /// Base-10 logarithm of the p-value of the strongest test; nil without a test.
  public let log10P: Double?
  /// The tests that the relation rests on.
  public let evidence: [Evidence]

  init(_ component: ComponentComparison) {
    let verdict = component.result?.verdict
    (name, foundation, parameters) = (component.name, component.foundation, component.parameters)
    relation = verdict.map { Relation($0.relation) }
    (score, coverage, cosine) = (verdict?.score, verdict?.coverage, verdict?.cosine)
    (alignedCosine, log10P) = (verdict?.alignedCosine, verdict?.log10P)
    evidence = verdict?.evidence.map { Evidence($0) } ?? []
  }
}
