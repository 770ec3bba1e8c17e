import Matching
import ModelAnatomy
import Threads

/// The parts of a candidate with their counterparts in a foundation: what a comparison of two models consists of.
struct ModelParts {
  /// A part of the candidate and its counterpart; nil where the foundation has none.
  let pairs: [PartPairing.Pair]
  /// The foundation's parts without a counterpart.
  let missing: [ModelPart]

  /// The main part, which always has a counterpart.
  var main: (candidate: ModelPart, foundation: ModelPart) {
    // A pairing gives the first part a counterpart in every case.
    (pairs[0].candidate, pairs[0].foundation ?? pairs[0].candidate)
  }

  /// Whether either model has other parts than the main one.
  var isDivided: Bool { pairs.count > 1 || !missing.isEmpty }

  /// The parts of two models; with `component`, the parts of this name or kind alone. Throws when a model has no such part.
  init(candidate: Model, foundation: Model, component: String? = nil, workers: Workers) throws(UnmaskError) {
    let parts = PartTransfer.parts(candidate.anatomy, foundation.anatomy, workers: workers)
    let own = try Self.chosen(component, of: parts.first, candidate.path)
    let other = try Self.chosen(component, of: parts.second, foundation.path)
    let pairs = PartPairing.pairs(candidate: own, foundation: other)
    self.pairs = pairs
    missing = PartPairing.missing(from: pairs, of: other)
  }

  private static func chosen(
    _ component: String?, of parts: [ModelPart], _ path: String
  ) throws(UnmaskError) -> [ModelPart] {
    guard let component else { return parts }
    let wanted = parts.filter { $0.name == component || $0.kind.rawValue == component }
    guard !wanted.isEmpty else {
      throw UnmaskError(.usage, file: path, .unknownComponent(component, parts: parts.map(\.name)))
    }
    return wanted
  }
}
