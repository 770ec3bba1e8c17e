package import Lineage

/// What a scan of many models found.
public struct ScanResult: Sendable {
  /// All models, pairs and mixtures.
  package let findings: ScanFindings
  /// The family tree that directs the pairs; nil where foundations were named, at depth `quick`, and where the scan was not finished.
  package let tree: FamilyTree?
  /// Why the journal could not be written to the end; nil while it could. The results are whole either way.
  public let journalError: UnmaskError?
  /// Whether files of a model were changed or lost while they were read. Such a model has an `error` and no pairs.
  public let hasLosses: Bool

  package init(_ findings: ScanFindings, tree: FamilyTree?, journalError: UnmaskError?, hasLosses: Bool) {
    (self.findings, self.tree, self.journalError, self.hasLosses) = (findings, tree, journalError, hasLosses)
  }

  /// Every model below the folders and every named foundation, by id; those that could not be read have an `error`.
  public var models: [ScannedModel] { findings.models.map { ScannedModel($0) } }
  /// Every pair that was compared, by candidate and then foundation. O(pairs) to make.
  public var pairs: [ScannedPair] { findings.pairs.map { ScannedPair($0) } }
  /// Number of pairs that were compared. O(1).
  package var pairCount: Int { findings.pairs.count }
  /// Whether a pair has one of these relations. O(pairs).
  package func hasRelation(in relations: Set<Relation>) -> Bool {
    let pairs = findings.pairs
    return pairs.indices.contains { relations.contains(Relation(pairs.relation($0))) }
  }
  /// Ids of models that are connected by kinship, the largest family first. O(pairs).
  public var families: [[String]] { findings.groups }
}

/// A model that a scan found.
public struct ScannedModel: Sendable, Equatable {
  /// Its path relative to the scanned folder; unique in a scan.
  public let id: String
  /// The path at which it was found.
  public let path: String
  /// Number of parameters; nil when it could not be read.
  public let parameters: Int?
  /// Why it could not be read, one line; nil when it could.
  public let error: String?

  init(_ model: ScanFindings.Model) {
    (id, path, parameters, error) = (model.id, model.path, model.parameters, model.error)
  }
}

/// The result for one pair of a scan. See ``ComparisonResult`` for the figures.
public struct ScannedPair: Sendable, Equatable {
  /// Id of the candidate.
  public let candidate: String
  /// Id of the foundation.
  public let foundation: String
  /// What the candidate is to the foundation.
  public let relation: Relation
  /// How strong the evidence for kinship is, 0 … 1.
  public let score: Double
  /// Share of the candidate's parameters that were compared, 0 … 1.
  public let coverage: Double?
  /// Mean cosine in the coordinates in which the weights are stored.
  public let cosine: Double?
  /// Mean cosine in the foundation's coordinates; nil where no mask was found.
  public let alignedCosine: Double?

  init(_ pair: ScanPair) {
    (candidate, foundation, relation) = (pair.candidate, pair.foundation, Relation(pair.verdict.relation))
    (score, coverage) = (pair.verdict.score, pair.verdict.coverage)
    (cosine, alignedCosine) = (pair.verdict.cosine, pair.verdict.alignedCosine)
  }
}
