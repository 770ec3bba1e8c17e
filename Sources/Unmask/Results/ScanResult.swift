package import Lineage

/// What a scan of many models found.
public struct ScanResult: Sendable {
  /// All models, pairs and mixtures.
  package let findings: ScanFindings
  /// The family tree that gives the pairs their direction; nil with named foundations, at depth `quick`, and for an unfinished
  /// scan.
  package let tree: FamilyTree?
  /// Why the journal could not be written to the end; nil when it could. The results are complete in both cases.
  public let journalError: UnmaskError?
  /// Whether files of a model were changed or lost during reading. Such a model has an `error` and no pairs.
  public let hasLosses: Bool

  package init(_ findings: ScanFindings, tree: FamilyTree?, journalError: UnmaskError?, hasLosses: Bool) {
    (self.findings, self.tree, self.journalError, self.hasLosses) = (findings, tree, journalError, hasLosses)
  }

  /// Every model below the folders and every named foundation, by id; those that could not be read have an `error`.
  public var models: [ScannedModel] { findings.models.map { ScannedModel($0) } }
  /// Every pair that was compared, by candidate and then foundation. O(pairs) to make.
  public var pairs: [ScannedPair] {
    let pairs = findings.pairs
    let descent = Descent(tree, ids: pairs.ids)
    return pairs.indices.map {
      ScannedPair(pairs[$0], hasDirection: descent.isKnown(of: pairs.candidate($0), from: pairs.foundation($0)))
    }
  }
  /// Folders below the scanned folders with weights in an unsupported format; they have no entry in `models`.
  public var skipped: [SkippedFolder] { findings.skipped.map { SkippedFolder(id: $0.id, path: $0.path, format: $0.format) } }
  /// Number of pairs that were compared. O(1).
  package var pairCount: Int { findings.pairs.count }
  /// Whether a pair has one of these relations; a detected mixture counts as `merged`. O(pairs).
  package func hasRelation(in relations: Set<Relation>) -> Bool {
    let pairs = findings.pairs
    return relations.contains(.merged) && !findings.mixtures.isEmpty
      || pairs.indices.contains { relations.contains(Relation(pairs.relation($0))) }
  }
  /// Parts beside the main ones, such as vision towers, that several models have in common. They make no family.
  public var sharedParts: [SharedPart] {
    findings.sharedParts.map { SharedPart(component: $0.component, models: $0.models) }
  }
  /// Whether one of the named foundations, or of all models where none is named, shares a part with another model.
  package var hasSharedParts: Bool {
    let foundations = Set(findings.foundations)
    return findings.sharedParts.contains { $0.models.contains(where: foundations.contains) }
  }
  /// Ids of related models, grouped into families, the largest family first. O(pairs).
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

/// A part beside the main one that several models have in common.
public struct SharedPart: Sendable, Equatable {
  /// The kind of part, such as `vision_tower`; see ``ComponentResult/name``.
  public let component: String
  /// The ids of the models, in order; two or more.
  public let models: [String]
}

/// A folder with weights in an unsupported format.
public struct SkippedFolder: Sendable, Equatable {
  /// Its path relative to the scanned folder.
  public let id: String
  /// The path at which it was found.
  public let path: String
  /// The name of the format, such as `ONNX`.
  public let format: String
}

/// The result for one pair of a scan. See ``ComparisonResult`` for the figures.
public struct ScannedPair: Sendable, Equatable {
  /// Id of the candidate.
  public let candidate: String
  /// Id of the foundation.
  public let foundation: String
  /// The relation of the candidate to the foundation.
  public let relation: Relation
  /// How strong the evidence is that the two models are related, 0 … 1.
  public let score: Double
  /// Share of the candidate's parameters that were compared, 0 … 1.
  public let coverage: Double?
  /// Mean cosine in the coordinates in which the weights are stored.
  public let cosine: Double?
  /// Mean cosine in the foundation's coordinates; nil where no mask was found.
  public let alignedCosine: Double?
  /// Whether the candidate comes from the foundation according to the family tree; false where the order is unknown, and without
  /// a tree.
  public let hasDirection: Bool

  init(_ pair: ScanPair, hasDirection: Bool) {
    self.hasDirection = hasDirection
    (candidate, foundation, relation) = (pair.candidate, pair.foundation, Relation(pair.verdict.relation))
    (score, coverage) = (pair.verdict.score, pair.verdict.coverage)
    (cosine, alignedCosine) = (pair.verdict.cosine, pair.verdict.alignedCosine)
  }
}
