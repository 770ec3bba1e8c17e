/// The models that a candidate is closest to.
public struct NearestFoundation: Sendable, Equatable {
  /// Id of the model in question.
  public let candidate: String
  /// Id of the kin that it is closest to.
  public let nearest: String
  /// How close: cosine over what is compared, times the share that is; 0 where the cosine is undefined or negative.
  public let closeness: Double
  /// The next one, with its closeness; nil when there is no other kin.
  public let runnerUp: (model: String, closeness: Double)?

  /// `closeness` less the runner-up's; nil without one.
  public var gap: Double? { runnerUp.map { closeness - $0.closeness } }

  /// Equal when all four are.
  public static func == (a: NearestFoundation, b: NearestFoundation) -> Bool {
    a.candidate == b.candidate && a.nearest == b.nearest && a.closeness == b.closeness && a.runnerUp?.model == b.runnerUp?.model
      && a.runnerUp?.closeness == b.runnerUp?.closeness
  }
}

extension ScanFindings {
  /// For each candidate that has kin the closest and the next, by id: the same pairs in both directions where no foundations were
  /// named. Which of two descends from the other closeness does not say. O(pairs).
  public var nearest: [NearestFoundation] {
    let isFoundation = Set(foundations)
    let readable = models.filter { $0.error == nil }.map(\.id)
    let isNamed = foundations.count < readable.count
    var kin: [String: [(model: String, closeness: Double, score: Double)]] = [:]
    for pair in pairs where pair.verdict.relation.isKinship {
      let closeness = max(0, pair.verdict.cosine ?? 0) * (pair.verdict.coverage ?? 0)
      kin[pair.candidate, default: []].append((pair.foundation, closeness, pair.verdict.score))
      if !isNamed { kin[pair.foundation, default: []].append((pair.candidate, closeness, pair.verdict.score)) }
    }
    return readable.compactMap { id in
      guard !isNamed || !isFoundation.contains(id), let found = kin[id] else { return nil }
      let ranked = found.sorted { ($1.closeness, $1.score, $0.model) < ($0.closeness, $0.score, $1.model) }
      return NearestFoundation(
        candidate: id, nearest: ranked[0].model, closeness: ranked[0].closeness,
        runnerUp: ranked.count > 1 ? (ranked[1].model, ranked[1].closeness) : nil)
    }
  }
}
