package import Lineage

/// One statement of a run about one model: a result in SARIF, and what makes a pedigree in CycloneDX.
package struct AuditFinding: Sendable {
  /// A model that the candidate was compared with.
  package struct Foundation: Sendable {
    package let model: AuditModel
    /// Its share in a mixture, 0 … 1; nil for others.
    package let share: Double?

    package init(_ model: AuditModel, share: Double? = nil) { (self.model, self.share) = (model, share) }
  }

  /// What is known of the order of two related models.
  package enum Descent: Sendable {
    /// The user named the other model as the foundation, or evidence shows that it is one.
    case ancestor
    /// The two are related, and nothing says which came first.
    case unknown
  }

  /// The figures of a verdict; nil where undefined.
  package struct Figures: Sendable {
    package var score: Double?
    package var coverage: Double?
    package var cosine: Double?
    package var alignedCosine: Double?
    package var log10P: Double?

    package init(
      score: Double? = nil, coverage: Double? = nil, cosine: Double? = nil, alignedCosine: Double? = nil, log10P: Double? = nil
    ) {
      (self.score, self.coverage, self.cosine) = (score, coverage, cosine)
      (self.alignedCosine, self.log10P) = (alignedCosine, log10P)
    }

    package init(_ verdict: Verdict) {
      self.init(
        score: verdict.score, coverage: verdict.coverage, cosine: verdict.cosine, alignedCosine: verdict.alignedCosine,
        log10P: verdict.log10P)
    }
  }

  package let rule: AuditRule
  /// Whether `--fail-on` names it, so that the command ends with exit code 1.
  package var isFailing = false
  /// The index of the model that it is about.
  package let candidate: Int
  /// The part that it is about; nil for the whole model, or its main part.
  package var component: String?
  /// What it was compared with: none, one, or the parents of a mixture.
  package var foundations: [Foundation] = []
  package var descent = Descent.ancestor
  /// The sentences that the text report has.
  package let message: String
  package var figures = Figures()
  package var evidence: [Evidence] = []
  package var sharedParts: [String] = []
  package var rewrites: [String] = []
  package var tuning: [String] = []
  package var warnings: [String] = []
  /// Where the tensors are that carry the evidence; nil for the tensors of the whole model.
  package var regions: [TensorRegion]?

  package init(_ rule: AuditRule, of candidate: Int, message: String) {
    (self.rule, self.candidate, self.message) = (rule, candidate, message)
  }
}
