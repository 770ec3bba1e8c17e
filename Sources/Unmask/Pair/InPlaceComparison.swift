import Checkpoints
import Lineage
import ModelAnatomy
import Threads
import WeightSimilarity

/// The comparison in place: of everything, or of a sample where a quick comparison would have to fetch the bytes.
enum InPlaceComparison {
  case whole(Pairing)
  case sampled(SampledPass)

  init(_ pairing: Pairing, depth: Depth, workers: Workers, progress: Progress? = nil) {
    guard depth == .quick, !pairing.candidate.isLocal || !pairing.foundation.isLocal else {
      self = .whole(pairing)
      return
    }
    let (candidate, foundation) = (pairing.candidate, pairing.foundation)
    // An adapter's files say nothing of its base.
    let names = candidate.adapter == nil && foundation.adapter == nil ? candidate.checkpoint.contentNames : nil
    self = .sampled(
      SampledPass(
        pairing, areSameFiles: names != nil && names == foundation.checkpoint.contentNames, workers: workers, progress: progress))
  }

  /// Bytes that `run` will read.
  var bytes: Int {
    switch self {
    case .whole(let pairing): InPlacePass.bytes(of: pairing)
    case .sampled(let pass): pass.bytes
    }
  }

  /// Reads both models, or their samples.
  func run(_ workers: Workers, _ progress: Progress?) -> InPlaceSimilarity {
    switch self {
    case .whole(let pairing): InPlacePass(pairing, workers: workers, progress: progress).run()
    case .sampled(let pass): pass.run { Verdict(of: $0).relation.isKinship }
    }
  }
}
