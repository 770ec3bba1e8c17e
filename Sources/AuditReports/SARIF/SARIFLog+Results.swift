import Lineage
import Pictures
import Reports
import TextFormats

extension SARIFLog {
  /// Related locations of a result at most.
  private static let mostLocations = 100

  /// A finding as a result. `numbers`: for each model the index of its first file among the artifacts.
  func json(result finding: AuditFinding, _ numbers: [Int]) -> JSONText {
    let model = run.models[finding.candidate]
    let severity = Severity(finding.rule, isFailing: finding.isFailing)
    let carries = finding.regions != nil
    let regions = finding.regions ?? model.regions
    // The longest first; of equal ones the one that comes first.
    let order = regions.indices.sorted { (regions[$1].length, $0) < (regions[$0].length, $1) }
    let note = { (region: TensorRegion) in
      Figures.counted(region.tensors, "tensor") + (carries ? " with evidence" : " of the candidate")
    }
    let first = numbers[finding.candidate]
    let locations = order.map { Self.location(regions[$0], of: model, artifact: first, note(regions[$0])) }
    var members: [(String, JSONText)] = [
      ("ruleId", .string(finding.rule.rawValue)), ("ruleIndex", .integer(run.rules.firstIndex(of: finding.rule) ?? -1)),
      ("kind", .string(severity.kind)), ("level", .string(severity.level)), ("message", Self.message(finding.message)),
      ("locations", .array(Array(locations.prefix(1)))),
    ]
    let related = locations.dropFirst().prefix(Self.mostLocations)
    if !related.isEmpty { members.append(("relatedLocations", .array(Array(related)))) }
    members += [
      ("partialFingerprints", .object(["pair/v1": .string(Self.fingerprint(finding, model))])),
      ("properties", Self.properties(finding, model, left: max(0, locations.count - 1 - Self.mostLocations))),
    ]
    return .members(members)
  }

  /// What is the same in every run: which models it is about.
  private static func fingerprint(_ finding: AuditFinding, _ model: AuditModel) -> String {
    ([model.id] + (finding.component.map { [$0] } ?? []) + finding.foundations.map(\.model.id)).joined(separator: " | ")
  }

  private static func location(_ region: TensorRegion, of model: AuditModel, artifact first: Int, _ note: String) -> JSONText {
    .object([
      "physicalLocation": .object([
        "artifactLocation": .object(["uri": .string(model.files[region.file].uri), "index": .integer(first + region.file)]),
        "region": .object(["byteOffset": .integer(region.offset), "byteLength": .integer(region.length)]),
      ]),
      "message": message(note),
    ])
  }

  /// The numbers, with the names that they have in the documents of `--format json`.
  private static func properties(_ finding: AuditFinding, _ model: AuditModel, left: Int) -> JSONText {
    let figures = finding.figures
    var members: [(String, JSONText)] = [
      ("candidate", identity(model)),
      (
        "foundations",
        .array(
          finding.foundations.map { foundation in
            .members(
              identityMembers(foundation.model) + (foundation.share.map { [("share", .number($0))] } ?? []))
          })
      ),
      ("score", .optional(figures.score)), ("coverage", .optional(figures.coverage)), ("cosine", .optional(figures.cosine)),
      ("aligned_cosine", .optional(figures.alignedCosine)), ("log10_p", .optional(figures.log10P)),
      ("shared_parts", .strings(finding.sharedParts)), ("rewrites", .strings(finding.rewrites)),
      ("tuning", .strings(finding.tuning)),
      (
        "evidence",
        .array(
          finding.evidence.map { evidence in
            .object([
              "test": .string(evidence.test.words), "value": .number(evidence.value), "null_mean": .number(evidence.nullMean),
              "null_sd": .number(evidence.nullSD), "draws": .integer(evidence.draws), "log10_p": .number(evidence.log10P),
            ])
          })
      ), ("warnings", .strings(finding.warnings)),
    ]
    if let component = finding.component { members.append(("component", .string(component))) }
    if left > 0 { members.append(("locations_left_out", .integer(left))) }
    return .members(members)
  }

  private static func identity(_ model: AuditModel) -> JSONText { .members(identityMembers(model)) }

  private static func identityMembers(_ model: AuditModel) -> [(String, JSONText)] {
    [
      ("name", .string(model.name)), ("id", .string(model.id)), ("purl", .string(model.packageURL.text)),
      ("version", .optional(model.version)), ("content_hash", .optional(model.contentHash)),
    ]
  }
}
