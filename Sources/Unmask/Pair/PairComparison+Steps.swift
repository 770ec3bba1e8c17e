import AttentionCircuits
import BasisRecovery
import ChangeAnalysis
import Lineage
import Matching
import ModelAnatomy
import NeuronTables
import WeightSimilarity

extension PairComparison {
  /// Runs one step.
  mutating func take(_ step: ComparisonStep) throws(UnmaskError) {
    switch step {
    case .inPlace: break
    case .layerOrder: try findLayerOrder()
    case .tables: try findTables()
    case .neurons: try findNeurons()
    case .heads: try findHeads()
    case .alignment: try align()
    case .gains: readGains()
    case .change: try measureChange()
    }
  }

  /// What a step found that was just completed.
  func finding(of step: ComparisonStep) -> StepRecord.Finding {
    switch step {
    case .inPlace:
      let found = Escalation.alike(state.similarity)
      return .alike(found.alike, of: found.matrices)
    case .layerOrder: return .movedLayers(state.similarity.order.map { $0.origins.count { $0.key != $0.value } })
    case .tables:
      if case .tooDeep = state.tables { return .tooDeep }
      return state.tables.match == nil ? .impossible : .searched
    case .neurons:
      if case .tooDeep = state.neurons { return .tooDeep }
      return state.neurons.match == nil ? .impossible : .searched
    case .heads: return state.heads.match == nil ? .impossible : .searched
    case .alignment: return state.alignment == nil ? .impossible : .aligned(isMasked: state.isMasked)
    case .gains:
      return state.gains.map { .gains(areFolded: $0.areFolded, areTraded: $0.areTraded) } ?? .notMeasured
    case .change:
      return state.change.map { .changed($0.changedMatrices, measured: $0.measuredMatrices) } ?? .notMeasured
    }
  }

  /// Searches for the layers in another order. Compares again where they moved, and keeps that result unless a common origin is
  /// lost.
  private mutating func findLayerOrder() throws(UnmaskError) {
    try RequiredLibrary.open()
    let (candidate, foundation) = (state.stored.candidate, state.stored.foundation)
    guard let order = LayerOrderSearch.order(candidate: candidate, foundation: foundation, workers: run.workers) else { return }
    guard order.isMoved else {
      state.similarity = state.similarity.searched(order)
      state.judge()
      return
    }
    let pairing = state.stored.reordered(by: order, workers: run.workers)
    let moved = ComparisonState(
      InPlacePass(pairing, workers: run.workers, progress: nil).run(), of: pairing, stored: state.stored)
    // The new p-value is corrected for the number of orders tried. A common origin that is clear in place is kept.
    let isLost = state.verdict.relation.isKinship && !moved.verdict.relation.isKinship
    if !isLost { state = moved }
  }

  /// Searches for the neurons of one model in the other by their cosines with each other.
  private mutating func findTables() throws(UnmaskError) {
    try RequiredLibrary.open()
    state.tables = TableFinder.search(
      candidate: state.stored.candidate, foundation: state.stored.foundation, workers: run.workers, cache: cache?.neurons)
    state.judge()
  }

  /// Searches for the neurons of one model in the other.
  private mutating func findNeurons() throws(UnmaskError) {
    try RequiredLibrary.open()
    let search = NeuronFinder.search(
      candidate: state.stored.candidate, foundation: state.stored.foundation, workers: run.workers, cache: cache?.neurons)
    (state.neurons, state.found) = search
    state.judge()
  }

  /// Searches for the attention heads of one model in the other.
  private mutating func findHeads() throws(UnmaskError) {
    try RequiredLibrary.open()
    state.heads = HeadSearch(
      candidate: state.stored.candidate, foundation: state.stored.foundation, workers: run.workers, cache: cache?.heads)
    state.judge()
  }

  /// Undoes the neurons' masks: pairs layers in the order of the neurons, computes cosines in the foundation's coordinates,
  /// identifies the rewrites.
  private mutating func align() throws(UnmaskError) {
    try RequiredLibrary.open()
    guard let alignment = state.found.flatMap({ Alignment($0, workers: run.workers) }) else { return }
    // The neurons that were read are large, and no later step needs them.
    state.found = nil
    let order = alignment.layerOrder
    if order.isMoved, order.origins != state.similarity.order?.origins {
      state.pairing = state.stored.reordered(by: order, workers: run.workers)
      state.similarity = InPlacePass(state.pairing, workers: run.workers, progress: nil).run()
    } else if state.similarity.order == nil || !order.origins.isEmpty {
      state.similarity = state.similarity.searched(order)
    }
    let gains = GainRewrite(
      candidate: alignment.candidate, foundation: alignment.foundation, layers: alignment.layers, channels: alignment.channels,
      workers: run.workers)
    state.isMasked = !alignment.isTrivial || gains.areFolded || gains.areTraded
    if escalation.detail != .relation, state.isMasked {
      state.similarity = state.similarity.aligned(with: AlignedPass(alignment, workers: run.workers).run())
    }
    (state.alignment, state.gains) = (alignment, gains)
    state.judge()
  }

  /// Compares the gains of models that are related in place.
  private mutating func readGains() {
    guard state.isTunedKin else { return }
    state.gains = GainRewrite(
      candidate: state.stored.candidate, foundation: state.stored.foundation, layers: state.similarity.order?.origins ?? [:],
      channels: nil, workers: run.workers)
    state.judge()
  }

  /// Measures what tuning changed, where the models are related and weights keep their positions: no mask, and gains not
  /// rewritten.
  private mutating func measureChange() throws(UnmaskError) {
    // A sample shows neither ranks nor what was frozen.
    guard state.isTunedKin, state.similarity.sample == nil, !state.isMasked,
      !(state.gains.map { $0.areFolded || $0.areTraded } ?? false),
      Change(state.similarity) != nil
    else { return }
    var removed: RemovedDirection?
    if escalation.depth != .quick {
      try RequiredLibrary.open()
      let isThorough = escalation.depth == .thorough
      let pass = ChangePass(state.similarity, state.pairing, isThorough: isThorough, workers: run.workers)
      state.similarity = pass.run()
      removed = pass.removedDirection()
    }
    state.change = Change(state.similarity)?.removing(removed)
    state.judge()
  }
}
