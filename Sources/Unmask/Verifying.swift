import CardFindings
import Checkpoints
import Lineage
import ModelAnatomy
import ModelCards
import RoleInference
import Threads

/// Holds the card of the model at `path` against its weights: compares the model with each base that the card declares and that is
/// on this machine.
///
/// ```swift
/// let result = try Unmask.verify("theirs", bases: ["us/base": "models/base"])
/// print(result.card.outcome)
/// ```
///
/// A base is looked for at the paths in `bases`, at the path that its name is, and in the cache of huggingface_hub; a base of a model
/// of the hub on the hub.
///
/// - Parameters:
///   - path: The path of the model.
///   - card: The path of its card; nil for `README.md` beside the weights.
///   - bases: Paths of bases, by their names in the card. Other names are left out.
///   - depth: How far the search escalates while the results are not conclusive. A card is contradicted only by a search for
///     copies in any order and basis, so never with `quick`.
///   - threads: Number of threads, at least 1; nil for all cores. The result does not depend on it, to the last bit.
///   - progress: Is called about five times a second.
///   - cancellation: Ends the work early, with an error of the kind `cancelled`.
/// - Throws: ``UnmaskError``: the model, the card, or a base in `bases` cannot be opened or read. A base that was found elsewhere
///   and cannot be read makes the card unverifiable.
/// - Complexity: One comparison for each base.
public func verify(
  _ path: String, card: String? = nil, bases: [String: String] = [:], depth: Depth = .standard, threads: Int? = nil,
  progress: ProgressHandler? = nil, cancellation: Cancellation? = nil
) throws(UnmaskError) -> VerificationResult {
  // In an order of its own, so that two names for one base give the same result in every run.
  let given = bases.map { (name: $0.key, path: $0.value) }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  return try verify(
    path, card: card, bases: given, depth: depth,
    RunSettings(threads: threads, progress: progress, cancellation: cancellation))
}

/// Holds a card against the weights. Of several paths for one base, the last is used. `depth`: nil for `standard`, and for a pair that is not
/// all on this machine `quick`.
package func verify(
  _ path: String, card: String?, bases: [(name: String, path: String)], depth: Depth?, _ run: RunSettings
) throws(UnmaskError) -> VerificationResult {
  let checkpoint = try ModelOpening.checkpoint(path)
  let declared = try ModelCard.of(checkpoint, at: card)
  // An adapter holds nothing of its base, and a card that cannot be used names none.
  let isCompared = !checkpoint.isAdapter && declared.problem == nil
  let search = BaseSearch(given: bases)
  let model = Model(path, ModelReading.anatomy(of: checkpoint))
  var findings: [BaseFinding] = []
  var comparisons: [VerificationResult.Comparison] = []
  for base in declared.bases {
    guard let place = search.find(base, of: checkpoint) else {
      findings.append(BaseFinding(base, checkpoint.isAdapter ? .adapter : .notFound))
      continue
    }
    guard isCompared else {
      findings.append(
        BaseFinding(base, checkpoint.isAdapter ? .adapter : .notCompared, path: place.path, identity: place.identity))
      continue
    }
    do {
      let foundation = try Model(place.path)
      let result = try compare(
        model, foundation, depth: depth ?? (model.isLocal && foundation.isLocal ? .standard : .quick), layerMatrix: .none,
        contentHashes: false, run)
      findings.append(
        BaseFinding(
          base, result.verdict, path: place.path, identity: place.identity, isAdapter: false, isOneModel: result.isOneModel))
      comparisons.append(VerificationResult.Comparison(base: base.name, result: result))
    } catch {
      // A cache may hold the configuration of a model alone.
      guard place.identity != .given, error.kind == .invalid || error.kind == .notFound else { throw error }
      findings.append(BaseFinding(base, .notRead(error.description), path: place.path, identity: place.identity))
    }
  }
  let description = try model.anatomy.description(hash: false, run, listing: false)
  return VerificationResult(
    model: ModelSummary(description), card: CardResult(CardFinding(declared, bases: findings)), comparisons: comparisons)
}

extension ModelCard {
  /// What is declared of a checkpoint; see `init(of:at:)`.
  static func of(_ checkpoint: Checkpoint, at path: String? = nil) throws(UnmaskError) -> ModelCard {
    do { return try ModelCard(of: checkpoint, at: path) } catch { throw UnmaskError(error) }
  }
}

extension ComparisonResult {
  /// What the weights say of the candidate's card, as far as the comparison with this foundation tells.
  func finding(on card: ModelCard, of candidate: Anatomy, _ foundation: Anatomy) -> CardResult {
    CardResult(
      CardFinding(
        card, against: verdict, path: foundation.checkpoint.path, isAdapter: candidate.adapter != nil, isOneModel: isOneModel,
        identity: BaseSearch.recognise(foundation.checkpoint, among: card.bases, of: candidate.checkpoint)))
  }
}
