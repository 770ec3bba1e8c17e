import Lineage
import MergeAnalysis
import Pictures
import TextFormats

/// Configurations of mergekit for the mixtures of a scan, as YAML.
///
/// ```yaml
/// # merges/ties
/// merge_method: ties
/// base_model: "models/base"
/// models:
///   - model: "models/a"
///     parameters:
///       weight: 0.6
///       density: 0.5
/// dtype: bfloat16
/// ```
struct MergekitText {
  private let findings: ScanFindings

  init(_ findings: ScanFindings) { self.findings = findings }

  /// One document for each mixture; nil without mixtures.
  var yaml: String? {
    let all = findings.mixtures.map(document)
    return all.isEmpty ? nil : all.joined(separator: "---\n")
  }

  private func document(_ mixed: ScanFindings.MixedModel) -> String {
    let mixture = mixed.mixture
    var lines = ["# " + TerminalText.escaped(mixed.candidate)]
    if mixture.kind == .passthrough {
      return (lines + slices(of: mixed) + ["merge_method: passthrough"]).joined(separator: "\n") + "\n"
    }
    guard let recipe = mixture.recipe, let method = recipe.methods.first else {
      lines.append("# The method is not known. A linear merge with the same shares:")
      let models = mixed.parents.flatMap { model($0.model, [("weight", $0.share)]) }
      return (lines + ["merge_method: linear", "models:"] + models).joined(separator: "\n") + "\n"
    }
    if recipe.methods.count > 1 {
      lines.append("# As likely: " + recipe.methods.dropFirst().map(\.rawValue).joined(separator: ", "))
    }
    lines.append("merge_method: " + method.rawValue)
    let parts = recipe.parts.compactMap { part in mixed.id(of: part.model).map { (id: $0, part: part) } }
    // SLERP goes from one of the models to the other.
    let base = recipe.base.flatMap(mixed.id(of:)) ?? (method == .slerp ? parts.first?.id : nil)
    if let base { lines.append("base_model: " + path(base)) }
    lines.append("models:")
    let hasBaseAmongModels = [.slerp, .nearswap, .arceeFusion].contains(method)
    if hasBaseAmongModels, let base, !parts.contains(where: { $0.id == base }) { lines += model(base, []) }
    for (id, part) in parts {
      let isWeighted = ![.slerp, .nearswap, .arceeFusion, .modelStock, .karcher, .sce, .ram].contains(method)
      let density = method == .sce ? nil : part.density
      lines += model(
        id, (isWeighted ? [("weight", part.weight)] : []) + (density.map { [("density", $0)] } ?? []))
    }
    let parameters = parameters(method, recipe)
    if !parameters.isEmpty { lines += ["parameters:"] + parameters.map { "  \($0.0): \($0.1)" } }
    if let type = Self.types[recipe.type] { lines.append("dtype: " + type) }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let types = ["BF16": "bfloat16", "F16": "float16", "F32": "float32"]

  private func parameters(_ method: MergeMethod, _ recipe: MergeRecipe) -> [(String, String)] {
    let value = recipe.parameter.map { Self.number($0) }
    switch method {
    case .slerp, .nearswap: return value.map { [("t", $0)] } ?? []
    case .della, .dellaLinear: return value.map { [("epsilon", $0)] } ?? []
    case .breadcrumbs, .breadcrumbsTies: return value.map { [("gamma", $0)] } ?? []
    case .sce: return recipe.parts.first?.density.map { [("select_topk", Self.number($0))] } ?? []
    case .linear: return [("normalize", "true")]
    default: return []
    }
  }

  /// Runs of layers of one parent, as slices.
  private func slices(of mixed: ScanFindings.MixedModel) -> [String] {
    var runs: [(parent: Int, layers: ClosedRange<Int>)] = []
    for layer in mixed.mixture.layers {
      guard let number = layer.layer, let parent = layer.shares.indices.max(by: { layer.shares[$0] < layer.shares[$1] }) else {
        continue
      }
      if let last = runs.last, last.parent == parent, last.layers.upperBound + 1 == number {
        runs[runs.count - 1].layers = last.layers.lowerBound...number
      } else {
        runs.append((parent, number...number))
      }
    }
    return ["slices:"]
      + runs.flatMap { run in
        [
          "  - sources:", "      - model: " + path(mixed.parents[run.parent].model),
          "        layer_range: [\(run.layers.lowerBound), \(run.layers.upperBound + 1)]",
        ]
      }
  }

  private func model(_ id: String, _ parameters: [(String, Double?)]) -> [String] {
    let known = parameters.compactMap { name, value in value.map { "      \(name): \(Self.number($0))" } }
    return ["  - model: " + path(id)] + (known.isEmpty ? [] : ["    parameters:"] + known)
  }

  /// The path of a model as a quoted YAML string, which JSON's strings are.
  private func path(_ id: String) -> String {
    // A JSON text is a YAML text; the document's last line end is not part of it.
    String(JSONText.string(findings.models.first { $0.id == id }?.path ?? id).text.dropLast())
  }

  /// Four decimals, without trailing zeros.
  private static func number(_ value: Double) -> String { String((value * 10_000).rounded() / 10_000) }
}
