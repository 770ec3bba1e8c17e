import Lineage
import ModelAnatomy
import Safetensors
import Synchronization

/// What a scan has so far: pairs come in from several threads, and whoever asks gets the findings up to then.
///
/// A model whose files were changed, cut or lost while they were read has an error and no pairs, also none of those that were
/// finished before: which they are would depend on the moment.
final class ScanResults: Sendable {
  private struct State {
    var verdicts: [Int: Verdict] = [:]
    /// Why a model could not be read to the end, by its place.
    var lost: [Int: String] = [:]
    var finished = 0
    /// By the candidate's place.
    var mixtures: [Int: ScanFindings.MixedModel] = [:]
  }

  private let collection: ModelCollection
  private let journal: ScanJournal?
  private let state = Mutex(State())

  /// No results yet; they will be kept in `journal`, too.
  init(of collection: ModelCollection, journal: ScanJournal? = nil) {
    self.collection = collection
    self.journal = journal
  }

  /// Takes from the journal what it has of the pairs, and returns their numbers.
  func restore() -> [Int] {
    guard let journal else { return [] }
    let known = collection.pairs.enumerated().compactMap { number, pair in
      journal.verdict(pair.candidate, pair.foundation).map { (number: number, verdict: $0) }
    }
    state.withLock { state in
      for (number, verdict) in known {
        state.verdicts[number] = verdict
        state.finished += 1
      }
    }
    return known.map(\.number)
  }

  /// Takes from the journal the mixtures that a pass over these models found; false when it has no such pass.
  func restoreMixtures(of places: [Int]) -> Bool {
    guard let mixtures = journal?.mixtures(places) else { return false }
    keep(mixtures, places: places)
    return true
  }

  /// Those of the models whose files are what they were; the others are lost.
  func kept(of places: [Int]) -> [Int] {
    let lost = loss(of: places)
    return state.withLock { state in
      state.lost.merge(lost) { first, _ in first }
      return places.filter { state.lost[$0] == nil }
    }
  }

  private func loss(of places: [Int]) -> [Int: String] {
    var lost: [Int: String] = [:]
    for place in places {
      do { for checkpoint in collection.models[place].anatomy.checkpoints { try checkpoint.checkUnchanged() } } catch {
        lost[place] = error.description
      }
    }
    return lost
  }

  /// True when the pair need not be compared, because one of its models is lost.
  func isLost(_ pair: Int) -> Bool {
    let pair = collection.pairs[pair]
    return state.withLock { $0.lost[pair.candidate] != nil || $0.lost[pair.foundation] != nil }
  }

  /// Takes the verdict of a pair, if the files from which it was computed are still those that were opened. One system call a file.
  func finish(_ number: Int, _ verdict: Verdict?) {
    let pair = collection.pairs[number]
    let lost = loss(of: [pair.candidate, pair.foundation])
    if let verdict, lost.isEmpty { journal?.write(verdict, pair.candidate, pair.foundation) }
    state.withLock { state in
      state.finished += 1
      state.lost.merge(lost) { first, _ in first }
      state.verdicts[number] = verdict
    }
  }

  /// Takes the mixtures that a pass over models at `places` found. Of two for one candidate, the one that explains it better counts.
  func add(_ mixtures: [Mixture], places: [Int]) {
    if loss(of: places).isEmpty { journal?.write(mixtures, places) }
    keep(mixtures, places: places)
  }

  private func keep(_ mixtures: [Mixture], places: [Int]) {
    let ids = places.map { collection.models[$0].id }
    state.withLock { state in
      for mixture in mixtures {
        let place = places[mixture.candidate]
        if let known = state.mixtures[place], known.mixture.residual <= mixture.residual { continue }
        state.mixtures[place] = ScanFindings.MixedModel(mixture, ids: ids)
      }
    }
  }

  /// True when a file was lost while it was read.
  var hasLosses: Bool { state.withLock { !$0.lost.isEmpty } }
  /// Pairs that were looked at.
  var finished: Int { state.withLock { $0.finished } }

  /// The findings up to now, in the collection's order.
  var findings: ScanFindings {
    let state = state.withLock { $0 }
    let pairs = collection.pairs.enumerated().compactMap { number, pair -> ScanFindings.Pair? in
      guard let verdict = state.verdicts[number], state.lost[pair.candidate] == nil, state.lost[pair.foundation] == nil else {
        return nil
      }
      return ScanFindings.Pair(
        candidate: collection.models[pair.candidate].id, foundation: collection.models[pair.foundation].id, verdict: verdict)
    }
    return ScanFindings(
      models: collection.rows(lost: state.lost), pairs: pairs,
      foundations: collection.foundations.map { collection.models[$0].id },
      mixtures: mixtures(state),
      isInterrupted: state.finished < collection.pairs.count)
  }

  /// Those whose models are all there.
  private func mixtures(_ state: State) -> [ScanFindings.MixedModel] {
    let lost = Set(state.lost.keys.map { collection.models[$0].id })
    return state.mixtures.sorted { $0.key < $1.key }.map(\.value).filter { mixed in
      lost.isDisjoint(with: [mixed.candidate] + mixed.parents.map(\.model) + (mixed.base.map { [$0] } ?? []))
    }
  }
}
