extension Reading {
  /// Below this share of the elements the table of architectures knows less than it does not.
  private static let leastExplained = 0.5

  /// The same parameters with roles inferred from shapes and weights, the likeliest reading first: none where the names of most of the
  /// model are known, or where inference explains no more of it than they do.
  func inferred(_ hints: ReadingHints) -> [Reading] {
    guard explained < Self.leastExplained else { return [] }
    let found = RoleInference.readings(of: parameters, in: hints.checkpoint, headSize: hints.headSize).map {
      Reading($0, of: parameters, frequencies: hints.frequencies)
    }
    return found.first.map { $0.explained > max(explained, Self.leastExplained) } ?? false ? found : []
  }

  /// The model that `found` makes of `parameters`.
  private init(_ found: RoleReading, of parameters: [Parameter], frequencies: Int?) {
    self.init(parameters: parameters)
    placements = found.placements
    unplaced = found.unplaced
    layerNumbers = Set(placements.compactMap(\.layer)).sorted()
    let roles = Set(placements.map(\.role))
    isParallel = roles.contains(.inputNorm) && !roles.contains(.postAttentionNorm)
    isPostNorm = !roles.contains(.finalNorm)
    headSize = found.headSize.map { HeadSize(size: $0, source: .weights, others: []) }
    let all = parameters.reduce(0) { $0 + $1.count }
    let placed = Set(placements.map(\.parameter)).reduce(0) { $0 + parameters[$1].count }
    explained = all == 0 ? 0 : Double(placed) / Double(all)
    inference = Inference(notes: found.notes, distance: found.distance, confidence: found.confidence)
    if placements.contains(where: { $0.part.isTransposed }) { storage.append("transposed (Conv1D)") }
    if placements.contains(where: { $0.part.rows != nil }) { storage.append("stored fused") }
    if placements.contains(where: { $0.part.stack != nil }) { storage.append("experts stacked") }
  }
}
