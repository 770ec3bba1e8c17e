import Lineage
import Pictures
import RealModule
import Reports
import TextFormats

extension CycloneDXDocument {
  /// A candidate with its pedigree.
  func component(_ number: Int, _ findings: [AuditFinding]) -> JSONText {
    let model = run.models[number]
    var members = Self.identity(model, reference: "model-\(number + 1):" + model.id)
    if let pedigree = Self.pedigree(findings) { members.append(("pedigree", pedigree)) }
    if !model.files.isEmpty {
      members.append(("evidence", .object(["occurrences": .array(model.files.map { .object(["location": .string($0.uri)]) })])))
    }
    if let architecture = model.architecture {
      members.append(("modelCard", .object(["modelParameters": .object(["modelArchitecture": .string(architecture)])])))
    }
    var properties: [(String, String)] = [("unmask:path", model.id)]
    if let parameters = model.parameters { properties.append(("unmask:parameters", String(parameters))) }
    properties += Self.hashNote(model)
    for finding in findings {
      properties.append(("unmask:" + finding.rule.rawValue, finding.message))
      properties += finding.warnings.map { ("unmask:warning", $0) }
    }
    members.append(("properties", Self.properties(properties)))
    return .members(members)
  }

  /// The members that say which model it is. `reference`: its bom-ref; nil for one that nothing refers to.
  private static func identity(_ model: AuditModel, reference: String?) -> [(String, JSONText)] {
    var members: [(String, JSONText)] = [("type", "machine-learning-model")]
    if let reference { members.append(("bom-ref", .string(reference))) }
    members.append(("name", .string(model.name)))
    if let version = model.version { members.append(("version", .string(version))) }
    if let hash = model.contentHash {
      members.append(("hashes", .array([.object(["alg": "SHA-256", "content": .string(hash)])])))
    }
    members.append(("purl", .string(model.packageURL.text)))
    return members
  }

  /// What the hash is of: others would take it for that of a file.
  private static func hashNote(_ model: AuditModel) -> [(String, String)] {
    model.contentHash == nil
      ? []
      : [
        (
          "unmask:hash",
          "SHA-256 over names, types, shapes and bytes of all tensors in the order of names (unmask inspect --hash); not the hash of a file"
        )
      ]
  }

  /// The relatives of a candidate; nil without any. A model that is a parent of its mixture is named once.
  private static func pedigree(_ findings: [AuditFinding]) -> JSONText? {
    var (ancestors, variants): ([JSONText], [JSONText]) = ([], [])
    var seen: Set<[UInt8]> = []
    for finding in findings where finding.rule.isKinship {
      for foundation in finding.foundations where seen.insert(Array(foundation.model.id.utf8)).inserted {
        let relative = relative(foundation, finding)
        switch finding.descent {
        case .ancestor: ancestors.append(relative)
        case .unknown: variants.append(relative)
        }
      }
    }
    guard !ancestors.isEmpty || !variants.isEmpty else { return nil }
    let note =
      "The weights have a common origin with those of each of these models. Weights alone do not say which of two models came first; "
      + "ancestors are models that the user named as foundations, or that further evidence shows to be."
    return .members(
      (ancestors.isEmpty ? [] : [("ancestors", .array(ancestors))]) + (variants.isEmpty ? [] : [("variants", .array(variants))])
        + [("notes", .string(note))])
  }

  private static func relative(_ foundation: AuditFinding.Foundation, _ finding: AuditFinding) -> JSONText {
    let model = foundation.model
    var members = identity(model, reference: nil)
    members.append(("evidence", .object(["identity": .array([identityEvidence(model, finding, share: foundation.share)])])))
    let figures = finding.figures
    var properties: [(String, String)] = [("unmask:path", model.id), ("unmask:relation", finding.rule.rawValue)]
    let numbers: [(String, Double?)] = [
      ("score", figures.score), ("coverage", figures.coverage), ("cosine", figures.cosine),
      ("aligned_cosine", figures.alignedCosine),
      ("log10_p", figures.log10P), ("share", foundation.share),
    ]
    properties += numbers.compactMap { name, value in value.flatMap { $0.isFinite ? ("unmask:" + name, $0.description) : nil } }
    properties += finding.sharedParts.map { ("unmask:shared_part", $0) }
    if let component = finding.component { properties.append(("unmask:component", component)) }
    properties += hashNote(model)
    members.append(("properties", Self.properties(properties)))
    return .members(members)
  }

  /// How sure it is that the relative is this model: the score of the verdict, and one method for each test with the probability of what it
  /// saw under a common origin, as far as a p-value tells.
  private static func identityEvidence(_ model: AuditModel, _ finding: AuditFinding, share: Double?) -> JSONText {
    let confidence = min(1, max(0, finding.figures.score ?? confidence(finding.figures.log10P)))
    var methods = finding.evidence.map { evidence -> JSONText in
      var value =
        "\(evidence.test.words) \(Figures.fixed(evidence.value, 5)), null \(Figures.fixed(evidence.nullMean, 5)) ± "
        + "\(Figures.fixed(evidence.nullSD, 5)), log10 p \(Figures.fixed(evidence.log10P, 1))"
      value += evidence.draws > 0 ? " (\(evidence.draws) draws)" : " (exact)"
      return method(value, Self.confidence(evidence.log10P))
    }
    if methods.isEmpty {
      let figures = [
        share.map { "share \(Figures.fixed($0, 4))" }, finding.figures.coverage.map { "coverage \(Figures.percent($0))" },
        finding.figures.cosine.map { "cosine \(Figures.fixed($0, 5))" },
        finding.figures.log10P.map { "log10 p \(Figures.fixed($0, 1))" },
      ].compactMap(\.self)
      methods = [method("weights" + (figures.isEmpty ? "" : ": ") + figures.joined(separator: ", "), confidence)]
    }
    return .object([
      "field": "purl", "confidence": .number(confidence), "concludedValue": .string(model.packageURL.text),
      "methods": .array(methods), "tools": .strings([tool]),
    ])
  }

  private static func method(_ value: String, _ confidence: Double) -> JSONText {
    .object(["technique": "binary-analysis", "confidence": .number(confidence), "value": .string(value)])
  }

  /// 1 − p of a p-value's logarithm.
  private static func confidence(_ log10P: Double?) -> Double {
    guard let log10P else { return 0 }
    return min(1, max(0, 1 - Double.exp10(log10P)))
  }
}
