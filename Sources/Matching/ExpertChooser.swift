import ModelAnatomy
import Threads
import WeightSimilarity

/// Chooses the expert of a foundation with which each dense layer of a candidate is compared: the expert whose neurons are most
/// alike in place.
///
/// A dense model may have been made from one expert of a mixture. In the opposite case, a mixture whose experts are copies of a
/// dense MLP, there is nothing to choose: each expert is compared with the one MLP.
enum ExpertChooser {
  /// The choice for every layer where the candidate has one MLP and the foundation has experts. nil if there is no such layer;
  /// then nothing is read. Cost: reads 32 rows of up_proj of every expert.
  static func choice(candidate: Anatomy, foundation: Anatomy, order: LayerOrder? = nil, workers: Workers) -> ExpertChoice? {
    let ups = candidate.weights.filter { $0.role == .upProj && $0.expert == nil && $0.layer != nil && RowSample.suits($0) }
    let experts = Dictionary(
      grouping: foundation.weights.filter { $0.role == .upProj && $0.expert != nil && RowSample.suits($0) }, by: \.layer)
    let pairs = ups.compactMap { up in
      experts[up.layer.map { order?.origins[$0] ?? $0 }].map { (up, $0.filter { $0.shape == up.shape }) }
    }.filter { !$0.1.isEmpty }
    if pairs.isEmpty { return nil }
    let best = workers.map(pairs.count) { i in
      let (up, experts) = pairs[i]
      let sample = RowSample(of: up)
      let excess = experts.map { sample.shiftedCosines(with: RowSample(of: $0)).excess }
      return experts[excess.indices.max { excess[$0] < excess[$1] } ?? 0].expert ?? 0
    }
    return ExpertChoice(
      experts: Dictionary(zip(pairs.map { $0.0.layer ?? 0 }, best), uniquingKeysWith: { first, _ in first }),
      log10Tries: pairs.reduce(0) { $0 + Tries.log10($1.1.count) })
  }
}
