import Checkpoints
import Lineage
import Matching
import ModelAnatomy
import ModelCards
import RoleInference
import TensorFiles
import Threads
import WeightSimilarity

/// Compares the model at the path `candidate` with the model at the path `foundation`, and reports their relation.
///
/// ```swift
/// let result = try Unmask.compare(candidate: "theirs", foundation: "ours")
/// print(result.relation, result.cosine ?? .nan)
/// ```
///
/// - Parameters:
///   - candidate: The path of the model whose origin is in question, or its address on a hub.
///   - foundation: The path or address of the model that it may come from.
///   - base: The path of the base, when one of the two is an adapter; nil for the base that its configuration names.
///   - depth: How far the search escalates while the results are not conclusive.
///   - component: The name or kind of the parts to compare, such as `vision_tower`; nil for all parts.
///   - card: Whether to hold the candidate's model card (`README.md` beside its weights) against the weights too.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the comparison early, with an error of the kind `cancelled`.
/// - Throws: ``UnmaskError``: a model cannot be opened or read, or was changed during reading; OpenBLAS is needed and not
///   installed.
/// - Complexity: One read of both models (memory: O(tensors)); more reads where the result is not conclusive, see ``Depth``.
public func compare(
  candidate: String, foundation: String, base: String? = nil, depth: Depth = .standard, threads: Int? = nil,
  component: String? = nil, card: Bool = false, progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> ComparisonResult {
  let models = try Model.pair(candidate: candidate, foundation: foundation, base: base, threads: threads)
  return try compare(
    candidate: models.candidate, foundation: models.foundation, depth: depth, component: component, card: card, threads: threads,
    progress: progress, cancellation: cancellation)
}

/// Compares two models that are open; see ``compare(candidate:foundation:base:depth:threads:component:card:progress:cancellation:)``.
///
/// - Parameters:
///   - candidate: The model whose origin you want to know.
///   - foundation: The model that the candidate may come from.
///   - depth: How far the search escalates while the results are not conclusive.
///   - layerMatrix: Whether to compute the cosines of every layer with every layer too: one more read. The matrix is left out
///     where the models have more than a million pairs of layers.
///   - contentHashes: Whether to compute both content hashes too: one more read.
///   - component: The name or kind of the parts to compare, such as `vision_tower`; nil for all parts.
///   - card: Whether to hold the candidate's model card (`README.md` beside its weights) against the weights too.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the work early, with an error of the kind `cancelled`.
public func compare(
  candidate: Model, foundation: Model, depth: Depth = .standard, layerMatrix: Bool = false, contentHashes: Bool = false,
  component: String? = nil, card: Bool = false, threads: Int? = nil, progress: ProgressHandler? = nil,
  cancellation: Cancellation? = nil
) throws(UnmaskError) -> ComparisonResult {
  try compare(
    candidate, foundation, depth: depth, layerMatrix: layerMatrix ? .ifPossible : .none, contentHashes: contentHashes,
    component: component, card: card, RunSettings(threads: threads, progress: progress, cancellation: cancellation))
}

/// Whether a comparison computes the matrix of all layers.
package enum LayerMatrixRequest: Sendable {
  case none
  /// Left out where there are too many layers.
  case ifPossible
  /// An error where there are too many layers.
  case required
}

/// Compares the parts of two models, or with `component` the parts of this name or kind alone.
package func compare(
  _ candidate: Model, _ foundation: Model, depth: Depth, layerMatrix: LayerMatrixRequest, contentHashes: Bool,
  component: String? = nil, card: Bool = false, _ run: RunSettings
) throws(UnmaskError) -> ComparisonResult {
  // Before the work: a card that cannot be read should cost no time.
  let declared = card ? try ModelCard.of(candidate.anatomy.checkpoint) : nil
  let parts = try ModelParts(candidate: candidate, foundation: foundation, component: component, workers: run.workers)
  let pairings = parts.pairs.map { pair in
    pair.foundation.map { other in
      let anatomies = ModelReading.agreeing(pair.candidate.anatomy, other.anatomy)
      return PairingChoice.inPlace(anatomies.0, anatomies.1, workers: run.workers)
    }
  }
  // The main part has a counterpart in every case.
  let main = pairings[0] ?? Pairing(candidate: candidate.anatomy, foundation: foundation.anatomy)
  let heatmap = LayerHeatmap(candidate: main.candidate, foundation: main.foundation)
  if layerMatrix == .required { try heatmap.checkDepth(candidate.path, foundation.path) }
  try run.checkCancelled()
  let total = pairings.reduce(0) { $0 + ($1.map { InPlaceComparison($0, depth: depth, workers: run.workers).bytes } ?? 0) }
  let comparisons = try run.reporting(total: total) { progress throws(UnmaskError) -> [PairComparison?] in
    var found: [PairComparison?] = []
    for (part, pairing) in zip(parts.pairs, pairings) {
      let run = run.on(part: parts.pairs.count > 1 ? part.candidate.name : nil)
      found.append(
        try pairing.map { pairing throws(UnmaskError) in
          try PairComparison(pairing, depth: depth, detail: .tuning, run, progress: progress)
        })
    }
    return found
  }
  try run.check(candidate.anatomy, foundation.anatomy)
  let results = comparisons.map { comparison in
    comparison.map {
      ComponentComparison.Result(similarity: $0.similarity, verdict: $0.verdict, change: $0.change, steps: $0.records)
    }
  }
  let described = parts.isDivided ? (candidate.anatomy, foundation.anatomy) : (main.candidate, main.foundation)
  let first = try described.0.description(hash: contentHashes, run.on(part: candidate.name), listing: false)
  let second = try described.1.description(hash: contentHashes, run.on(part: foundation.name), listing: false)
  var matrix: LayerMatrix?
  if layerMatrix != .none, heatmap.isPossible {
    matrix = try heatmap.matrix(aligned: comparisons[0]?.alignment, run)
    if matrix == nil { matrix = try heatmap.matrix(role: nil, metric: .cosine, run) }
  }
  try run.check(candidate.anatomy, foundation.anatomy)
  var result = ComparisonResult(
    candidate: first, foundation: second, parts: parts, results, matrix: matrix, depth: depth,
    isOneModel: ModelOpening.areOneModel(candidate.anatomy, foundation.anatomy))
  result.card = declared.map { result.finding(on: $0, of: candidate.anatomy, foundation.anatomy) }
  return result
}

extension ComparisonResult {
  /// The result of all parts; `results` has one entry for each pair of `parts`.
  fileprivate init(
    candidate: ModelDescription, foundation: ModelDescription, parts: ModelParts, _ results: [ComponentComparison.Result?],
    matrix: LayerMatrix?, depth: Depth, isOneModel: Bool
  ) {
    var components: [ComponentComparison] = []
    var unmatched: (candidate: Set<String>, foundation: Set<String>) = ([], [])
    for (pair, result) in zip(parts.pairs, results) {
      let (part, other) = (pair.candidate, pair.foundation)
      components.append(
        ComponentComparison(name: part.name, foundation: other?.name, parameters: part.anatomy.parameters, result: result))
      unmatched.candidate.formUnion(result?.similarity.unmatchedCandidate ?? part.anatomy.weights.map(\.tensor.name.string))
      unmatched.foundation.formUnion(result?.similarity.unmatchedFoundation ?? [])
    }
    for part in parts.missing { unmatched.foundation.formUnion(part.anatomy.weights.map(\.tensor.name.string)) }
    guard let first = components[0].result else { preconditionFailure("the main part has a counterpart") }
    var main = first
    if parts.isDivided {
      let others = components.dropFirst().map { PartFinding(part: $0.name, relation: $0.result?.verdict.relation) }
      let scope = VerdictScope(part: components[0].name, others: others, missing: parts.missing.map(\.name))
      main = ComponentComparison.Result(
        similarity: first.similarity, verdict: first.verdict.scoped(scope), change: first.change, steps: first.steps)
    }
    let names = { (names: Set<String>) in names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    self.init(
      candidate: candidate, foundation: foundation, main: main, parts: components,
      unmatched: (names(unmatched.candidate), names(unmatched.foundation)), matrix: matrix, isOneModel: isOneModel, depth: depth)
  }
}
