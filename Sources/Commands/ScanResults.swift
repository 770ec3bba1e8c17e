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
  }

  private let collection: ModelCollection
  private let state = Mutex(State())

  /// No results yet.
  init(of collection: ModelCollection) { self.collection = collection }

  /// True when the pair need not be compared, because one of its models is lost.
  func isLost(_ pair: Int) -> Bool {
    let pair = collection.pairs[pair]
    return state.withLock { $0.lost[pair.candidate] != nil || $0.lost[pair.foundation] != nil }
  }

  /// Takes the verdict of a pair, if the files from which it was computed are still those that were opened. One system call a file.
  func finish(_ number: Int, _ verdict: Verdict?) {
    let pair = collection.pairs[number]
    var lost: [Int: String] = [:]
    for place in [pair.candidate, pair.foundation] {
      do { for checkpoint in collection.models[place].anatomy.checkpoints { try checkpoint.checkUnchanged() } } catch {
        lost[place] = error.description
      }
    }
    state.withLock { state in
      state.finished += 1
      state.lost.merge(lost) { first, _ in first }
      state.verdicts[number] = verdict
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
      isInterrupted: state.finished < collection.pairs.count)
  }
}
