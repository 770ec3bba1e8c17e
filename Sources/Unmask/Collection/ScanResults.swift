import Checkpoints
import Lineage
import ModelAnatomy
import Synchronization
import TensorFiles
import WeightSimilarity

/// The results of a scan so far. Several threads add pairs, and any thread may read the current findings.
///
/// A model whose files were changed, cut or lost during reading has an error and no pairs. Pairs that were finished before are
/// dropped too, because the set of finished pairs depends on the time of the loss. Memory: about 90 bytes a pair.
final class ScanResults: Sendable {
  private struct State {
    var verdicts: VerdictTable
    /// Whether a pair is finished.
    var isFinal: [Bool]
    /// Pairs that passes have not decided, and numbers of pairs that passes found to be related.
    var open: [ScanPlan.Open] = []
    var kin: [Int] = []
    /// Why a model could not be read completely, by its index.
    var lost: [Int: String] = [:]
    var finished = 0
    var notLookedAt = 0
    /// Verdicts on pairs in the reverse of the collection's order, by number.
    var turned: [Int: Verdict] = [:]
    /// Pairs that keep the result of their pass, without a full comparison.
    var left: Set<Int> = []
    var sharedParts: [ScanFindings.SharedPart] = []
    /// By the candidate's index.
    var mixtures: [Int: ScanFindings.MixedModel] = [:]

    mutating func finish(_ number: Int, _ verdict: Verdict?) {
      verdicts[number] = verdict
      if !isFinal[number] { finished += 1 }
      isFinal[number] = true
    }
  }

  private let collection: ModelCollection
  private let journal: ScanJournal?
  private let state: Mutex<State>

  /// No results yet; they will be kept in `journal`, too.
  init(of collection: ModelCollection, journal: ScanJournal? = nil) {
    self.collection = collection
    self.journal = journal
    let count = collection.pairs.count
    state = Mutex(State(verdicts: VerdictTable(count: count), isFinal: Array(repeating: false, count: count)))
  }

  // Passes

  /// Restores the result of a pass from the journal; false when the journal does not have all of it.
  func restore(_ pass: ScanPasses.Pass) -> Bool {
    guard let (mixtures, verdicts) = journal?.result(of: pass, in: collection) else { return false }
    take(mixtures, verdicts, of: pass)
    return true
  }

  /// A part of a pass over these models, from the journal; nil when the journal does not have it.
  func part(_ number: Int, of places: [Int]) -> [UInt8]? { journal?.part(number, of: places) }

  /// Writes a part of a pass to the journal, if no file was changed.
  func keep(_ part: [UInt8], as number: Int, of places: [Int]) {
    if let journal, loss(of: places).isEmpty { journal.write(part, as: number, of: places) }
  }

  /// Adds the result of a pass. Of two mixtures for one candidate, the one that explains the candidate better is kept.
  func add(_ mixtures: [Mixture], _ verdicts: [PassVerdict], of pass: ScanPasses.Pass) {
    if let journal, loss(of: pass.models).isEmpty { journal.write(mixtures, verdicts, of: pass, in: collection) }
    take(mixtures, verdicts, of: pass)
  }

  private func take(_ mixtures: [Mixture], _ verdicts: [PassVerdict], of pass: ScanPasses.Pass) {
    let ids = pass.models.map { collection.models[$0].id }
    state.withLock { state in
      for mixture in mixtures {
        let place = pass.models[mixture.candidate]
        if let known = state.mixtures[place], known.mixture.residual <= mixture.residual { continue }
        state.mixtures[place] = ScanFindings.MixedModel(mixture, ids: ids)
      }
      for first in verdicts {
        state.verdicts[first.number] = first.verdict
        guard first.isFinal, let verdict = first.verdict else {
          let isCopy = first.verdict == nil
          state.open.append(.init(number: first.number, score: first.verdict?.score ?? 1, mayBeCopy: isCopy))
          continue
        }
        state.isFinal[first.number] = true
        state.finished += 1
        if verdict.relation.isKinship { state.kin.append(first.number) }
      }
      // A pass has no verdicts on pairs of a model that was lost in it.
      let said = Set(verdicts.map(\.number))
      for number in pass.pairs where !said.contains(number) && !state.isFinal[number] {
        state.isFinal[number] = true
        state.finished += 1
      }
    }
  }

  /// Pairs that passes have not decided.
  var open: [ScanPlan.Open] { state.withLock { $0.open } }
  /// Numbers of the pairs that passes found to be related.
  var kin: [Int] { state.withLock { $0.kin } }

  // Models

  /// The models whose files are unchanged; the others are marked as lost.
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

  // Pairs

  /// True when the pair need not be compared, because one of its models is lost.
  func isLost(_ pair: Int) -> Bool {
    let pair = collection.pairs[pair]
    return state.withLock { $0.lost[pair.candidate] != nil || $0.lost[pair.foundation] != nil }
  }

  /// Restores the verdict of a full comparison of a pair from the journal; false when the journal has none.
  func restoreLook(_ number: Int) -> Bool {
    let pair = collection.pairs[number]
    guard let verdict = journal?.verdict(pair.candidate, pair.foundation) else { return false }
    state.withLock { $0.finish(number, verdict) }
    return true
  }

  /// Adds the verdict of a pair, and writes it to the journal if no file has changed since it was opened. One system call a file.
  func finish(_ number: Int, _ verdict: Verdict?) {
    let pair = collection.pairs[number]
    let lost = loss(of: [pair.candidate, pair.foundation])
    if let verdict, lost.isEmpty { journal?.write(verdict.brief, pair.candidate, pair.foundation) }
    state.withLock { state in
      state.lost.merge(lost) { first, _ in first }
      state.finish(number, verdict)
    }
  }

  /// Restores the verdict, with what tuning changed, on a pair in either order, if the journal has it; adds it in the order of
  /// `pair`.
  func restoreClose(_ pair: ModelCollection.Pair, number: Int) -> Verdict? {
    guard let verdict = journal?.verdict(pair.candidate, pair.foundation, isClose: true) else { return nil }
    state.withLock { take(verdict, on: pair, number: number, in: &$0) }
    return verdict
  }

  /// Adds a verdict that includes what tuning changed, with the same check of files as `finish`.
  func finishClose(_ pair: ModelCollection.Pair, number: Int, _ verdict: Verdict) {
    let lost = loss(of: [pair.candidate, pair.foundation])
    if lost.isEmpty { journal?.write(verdict.brief, pair.candidate, pair.foundation, isClose: true) }
    state.withLock { state in
      state.lost.merge(lost) { first, _ in first }
      take(verdict, on: pair, number: number, in: &state)
    }
  }

  /// Adds the verdict on a pair in either order.
  private func take(_ verdict: Verdict, on pair: ModelCollection.Pair, number: Int, in state: inout State) {
    if collection.pairs[number].models == pair.models {
      state.finish(number, verdict)
    } else {
      state.turned[number] = verdict.brief
    }
  }

  /// Adds the verdict on a pair in the reverse of the collection's order. Does not write it to the journal when a file was lost.
  func turn(_ number: Int, _ verdict: Verdict) {
    let pair = collection.pairs[number]
    let lost = loss(of: [pair.candidate, pair.foundation])
    if lost.isEmpty { journal?.write(verdict.brief, pair.foundation, pair.candidate) }
    state.withLock { state in
      state.lost.merge(lost) { first, _ in first }
      state.turned[number] = verdict.brief
    }
  }

  /// Restores the verdict on a pair in the reverse order from the journal; false when the journal has none.
  func restoreTurned(_ number: Int) -> Bool {
    let pair = collection.pairs[number]
    guard let verdict = journal?.verdict(pair.foundation, pair.candidate) else { return false }
    state.withLock { $0.turned[number] = verdict }
    return true
  }

  /// The verdict on a pair in the collection's order.
  func verdict(_ number: Int) -> Verdict? { state.withLock { $0.verdicts[number] } }

  /// True when there is a verdict on the pair in the reverse order.
  func isTurned(_ number: Int) -> Bool { state.withLock { $0.turned[number] != nil } }

  /// True for a pair that keeps the result of its pass, without a full comparison.
  func isLeft(_ number: Int) -> Bool { state.withLock { $0.left.contains(number) } }

  /// Finishes pairs with the results of their passes, because `compared` others were compared in full. A copy of a copy is a copy
  /// and needs no comparison.
  func leave(_ numbers: [Int], compared: Int) {
    guard !numbers.isEmpty else { return }
    let pairs = collection.pairs
    state.withLock { state in
      var copies = DisjointSets(count: collection.models.count)
      var known: [Int: Int] = [:]
      for number in pairs.indices where state.verdicts.relation(number) == .identical {
        copies.join(pairs[number].candidate, pairs[number].foundation)
        known[pairs[number].candidate] = number
        known[pairs[number].foundation] = number
      }
      for number in numbers where !state.isFinal[number] {
        let pair = pairs[number]
        if copies.first(of: pair.candidate) == copies.first(of: pair.foundation), let like = known[pair.candidate] {
          state.finish(number, state.verdicts[like])
        } else {
          state.finish(
            number,
            state.verdicts[number]?.adding(.inPlaceOnly(comparisons: compared))
              ?? .notCompared(.notCompared(comparisons: compared)))
          state.notLookedAt += 1
          state.left.insert(number)
        }
      }
    }
  }

  /// True when the models of a pair were found to be related.
  func isKin(_ number: Int) -> Bool {
    state.withLock { $0.isFinal[number] && $0.verdicts.relation(number)?.isKinship == true }
  }

  /// True when the pair's models are related in the same coordinates and differ: then the change by tuning can be measured.
  func isTuned(_ number: Int) -> Bool {
    state.withLock { state in
      guard state.isFinal[number], let verdict = state.verdicts[number] else { return false }
      return verdict.relation.isKinship && verdict.relation != .identical && verdict.alignedCosine == nil
    }
  }

  // Findings

  /// True when a file was lost during reading.
  var hasLosses: Bool { state.withLock { !$0.lost.isEmpty } }
  /// Number of finished pairs.
  var finished: Int { state.withLock { $0.finished } }

  /// The current findings, in the collection's order.
  var findings: ScanFindings { findings(turnedBy: nil) }

  /// The current findings. With a tree, pairs whose candidate is the ancestor are reversed, if there are verdicts on the reverse
  /// order.
  func findings(turnedBy tree: FamilyTree?) -> ScanFindings {
    var state = state.withLock { $0 }
    var pairs = collection.pairs
    let descent = Descent(tree, ids: collection.models.map(\.id))
    for (number, verdict) in state.turned where verdict.relation.isKinship {
      let pair = pairs[number]
      guard descent.isKnown(of: pair.foundation, from: pair.candidate) else { continue }
      pairs[number] = .init(candidate: pair.foundation, foundation: pair.candidate)
      state.verdicts[number] = verdict
    }
    return ScanFindings(
      models: collection.rows(lost: state.lost),
      pairs: ScanPairs(
        ids: collection.models.map(\.id), places: pairs.map { ($0.candidate, $0.foundation) }, verdicts: state.verdicts,
        isIncluded: {
          state.isFinal[$0]
            && (state.lost.isEmpty || state.lost[pairs[$0].candidate] == nil && state.lost[pairs[$0].foundation] == nil)
        }),
      foundations: collection.foundations.map { collection.models[$0].id }, mixtures: mixtures(state),
      isInterrupted: state.finished < pairs.count, notLookedAt: state.notLookedAt, skipped: collection.skipped,
      sharedParts: sharedParts(state))
  }

  /// Sets the parts that models share.
  func share(_ parts: [ScanFindings.SharedPart]) { state.withLock { $0.sharedParts = parts } }

  /// The shared parts of the models that are readable.
  private func sharedParts(_ state: State) -> [ScanFindings.SharedPart] {
    let lost = Set(state.lost.keys.map { collection.models[$0].id })
    return state.sharedParts.compactMap { part in
      let models = part.models.filter { !lost.contains($0) }
      return models.count > 1 ? .init(component: part.component, models: models) : nil
    }
  }

  /// The mixtures whose models are all readable.
  private func mixtures(_ state: State) -> [ScanFindings.MixedModel] {
    let lost = Set(state.lost.keys.map { collection.models[$0].id })
    return state.mixtures.sorted { $0.key < $1.key }.map(\.value).filter { mixed in
      lost.isDisjoint(with: [mixed.candidate] + mixed.parents.map(\.model) + (mixed.base.map { [$0] } ?? []))
    }
  }
}
