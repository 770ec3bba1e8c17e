import CardFindings
import Lineage
import ModelAnatomy
package import TextFormats
import Unmask
package import WeightSimilarity

extension ComparisonReport {
  /// The document of `compare --format json`, schema `unmask.compare/1`. It has the member `layer_matrix` if every layer was
  /// compared with every layer for a picture, the member `card` if the candidate's card was held against the weights, and the member
  /// `explanation` if one was requested.
  package func json(matrix: LayerMatrix? = nil) -> String { document(matrix: matrix).text }

  package func document(matrix: LayerMatrix?) -> JSONText {
    let members: [(String, JSONText)] = [
      ("schema", "unmask.compare/1"), ("program", Program.name), ("depth", .optional(depth?.rawValue)),
      ("candidate", candidate.summaryJSON),
      ("foundation", foundation.summaryJSON),
      ("verdict", verdict.json),
      ("change", changeJSON),
      ("layers", .array(similarity.layers.map { Self.json(layer: $0.layer, from: $0.foundationLayer, $0.similarity) })),
      ("roles", .array(similarity.roles.map { Self.json(role: $0.role, $0.similarity) })),
      (
        "tensors",
        .array(
          parts.flatMap { part in
            part.result.map { $0.similarity.tensors.map { Self.json(tensor: $0, of: part.name) } } ?? []
          })
      ),
      ("components", .array(parts.map(Self.json(part:)))),
      (
        "unmatched",
        .object([
          "candidate": .strings(unmatched.candidate), "foundation": .strings(unmatched.foundation),
        ])
      ),
      ("warnings", .strings(warnings)),
    ]
    return .members(
      members + (isExplained ? [("explanation", explanationJSON)] : []) + (card.map { [("card", $0.json)] } ?? [])
        + (matrix.map { [("layer_matrix", .members($0.members))] } ?? []))
  }

  private static func json(layer: Int, from foundationLayer: Int, _ group: GroupSimilarity) -> JSONText {
    .members([("layer", .integer(layer)), ("foundation_layer", .integer(foundationLayer))] + members(of: group))
  }

  private static func json(role: String, _ group: GroupSimilarity) -> JSONText {
    .members([("role", .string(role))] + members(of: group))
  }

  private static func members(of group: GroupSimilarity) -> [(String, JSONText)] {
    Metric.means.map { ($0.id, .optional(group.values[$0])) } + [("parameters", .integer(group.parameters))]
  }

  private static func json(part: ComponentComparison) -> JSONText {
    let verdict = part.result?.verdict
    let head: [(String, JSONText)] = [
      ("component", .string(part.name)), ("foundation_component", .optional(part.foundation)),
      ("parameters", .integer(part.parameters)), ("relation", .optional(verdict?.relation.rawValue)),
    ]
    let figures: [(String, JSONText)] = [
      ("score", .optional(verdict?.score)), ("coverage", .optional(verdict?.coverage)), ("cosine", .optional(verdict?.cosine)),
      ("aligned_cosine", .optional(verdict?.alignedCosine)), ("log10_p", .optional(verdict?.log10P)),
    ]
    let findings: [(String, JSONText)] = [
      ("rewrites", .strings(verdict?.rewrites.map(\.words) ?? [])), ("tuning", .strings(verdict?.tuning.map(\.words) ?? [])),
      ("summary", .optional(verdict?.summary)), ("evidence", .array(verdict?.evidence.map(\.json) ?? [])),
      ("warnings", .strings(verdict?.warnings ?? [])),
    ]
    return .members(head + figures + findings)
  }

  private static func json(tensor t: TensorSimilarity, of component: String) -> JSONText {
    .members(
      head(of: t) + Metric.all.map { ($0.id, .optional(t.values[$0])) } + tail(of: t, component))
  }

  private static func head(of t: TensorSimilarity) -> [(String, JSONText)] {
    [
      ("candidate", .string(t.candidate)), ("foundation", .string(t.foundation)), ("layer", .optional(t.layer)),
      ("role", .string(t.role)), ("expert", .optional(t.expert)), ("shape", .array(t.shape.map { .integer($0) })),
      ("parameters", .integer(t.parameters)),
    ]
  }

  private static func tail(of t: TensorSimilarity, _ component: String) -> [(String, JSONText)] {
    [
      ("non_finite", .integer(t.nonFiniteCandidate + t.nonFiniteFoundation)), ("frozen", .bool(t.isFrozen)),
      ("rounded", .optional(t.roundedShare)), ("rank", .optional(t.isFrozen ? 0 : t.spectrum?.rank)),
      ("rank_energy", .optional(t.spectrum?.energyOfRank)), ("energy_of_eight", .optional(t.spectrum?.energyOfEight)),
      ("component", .string(component)),
    ]
  }
}

extension Verdict {
  var json: JSONText {
    .object([
      "relation": .string(relation.rawValue), "score": .number(score), "coverage": .optional(coverage),
      "cosine": .optional(cosine), "aligned_cosine": .optional(alignedCosine),
      "log10_p": .optional(log10P), "rewrites": .strings(rewrites.map(\.words)), "tuning": .strings(tuning.map(\.words)),
      "component": .optional(scope?.part), "shared_parts": .strings(sharedParts), "summary": .string(statement),
      "evidence": .array(evidence.map(\.json)),
    ])
  }
}

extension Lineage.Evidence {
  fileprivate var json: JSONText {
    .object([
      "test": .string(test.words), "value": .number(value), "null_mean": .number(nullMean), "null_sd": .number(nullSD),
      "draws": .integer(draws), "log10_p": .number(log10P),
    ])
  }
}

extension ModelDescription {
  /// The few members that identify the model.
  var summaryJSON: JSONText {
    .object([
      "path": .string(path), "name": .string(name), "parameters": .integer(parameters), "layers": .integer(layers),
      "architecture": .optional(architecture), "dtypes": dtypesJSON, "sha256": .optional(sha256), "base": base?.json ?? .null,
      "revision": .optional(remote?.revision), "bytes_read": .optional(remote?.bytes), "requests": .optional(remote?.requests),
    ])
  }

  var dtypesJSON: JSONText { .members(elementTypes.map { ($0.name, .integer($0.tensors)) }) }
}
