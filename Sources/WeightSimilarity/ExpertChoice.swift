public import ModelAnatomy

/// Which expert of a foundation each dense layer of a candidate is held against: the one whose neurons are most alike in place.
///
/// A dense model may have been made of one expert of a mixture. The other way round, a mixture whose experts were copied from a dense
/// model, nothing has to be chosen: all of them are held against the one MLP.
/// Cost: reads 32 rows of up_proj of every expert.
public struct ExpertChoice: Sendable, Equatable {
  /// The candidate's layer → the foundation's expert.
  public let experts: [Int: Int]
  /// log10 of the number of choices among which the best was taken: what it costs in significance.
  public let log10Tries: Double

  /// The choice for every layer where the candidate has one MLP and the foundation experts; nil when there is no such layer.
  public init?(candidate: Anatomy, foundation: Anatomy, order: LayerOrder? = nil, workers: Workers) {
    let ups = candidate.weights.filter { $0.role == .upProj && $0.expert == nil && $0.layer != nil && RowSample.suits($0) }
    let others = Dictionary(grouping: foundation.weights.filter { $0.role == .upProj && $0.expert != nil && RowSample.suits($0) })
    {
      $0.layer
    }
    let pairs = ups.compactMap { up in
      others[up.layer.map { order?.origins[$0] ?? $0 }].map { (up, $0.filter { $0.shape == up.shape }) }
    }.filter { !$0.1.isEmpty }
    if pairs.isEmpty { return nil }
    let best = workers.map(pairs.count) { i in
      let (up, experts) = pairs[i]
      let sample = RowSample(of: up)
      let likeness = experts.map { expert in
        let cosines = sample.shiftedCosines(with: RowSample(of: expert))
        return cosines[0] - cosines.dropFirst().reduce(0, +) / Double(max(1, cosines.count - 1))
      }
      return experts[likeness.indices.max { likeness[$0] < likeness[$1] } ?? 0].expert ?? 0
    }
    experts = Dictionary(zip(pairs.map { $0.0.layer ?? 0 }, best), uniquingKeysWith: { first, _ in first })
    log10Tries = pairs.reduce(0) { $0 + LayerOrder.log10($1.1.count) }
  }
}
