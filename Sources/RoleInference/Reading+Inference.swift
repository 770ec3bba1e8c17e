import ModelAnatomy
import TensorViews

extension Reading {
  /// Below this share of the elements the names are not enough, and inference is tried.
  private static let leastExplained = 0.5

  /// The same parameters with roles inferred from shapes and weights: the likeliest reading, and the others by decreasing
  /// likelihood, which are computed on demand. nil if the names of most of the model are known, or if inference explains no
  /// more of the model than the names do.
  func inferred(_ hints: ReadingHints) -> (likeliest: Reading, others: @Sendable () -> [Reading])? {
    guard explained < Self.leastExplained else { return nil }
    let found = RoleInference.readings(of: parameters, in: hints.checkpoint, headSize: hints.headSize)
    guard let first = found.first else { return nil }
    let undecided = RoleReading.undecided(found)
    let headSize = hints.headSize.map { HeadSize(size: $0, source: .given, others: []) }
    let likeliest = Reading(first, of: parameters, headSize: headSize, undecided: undecided)
    guard likeliest.explained > max(explained, Self.leastExplained) else { return nil }
    return (
      likeliest,
      { [parameters] in found.dropFirst().map { Reading($0, of: parameters, headSize: headSize, undecided: undecided) } }
    )
  }

  /// The model of `parameters` with the roles of `found`.
  ///
  /// Layers are numbered 0, 1, 2, … in the order of the numbers in their names, if any: two unknown models may start at
  /// different numbers.
  private init(_ found: RoleReading, of parameters: [Parameter], headSize given: HeadSize?, undecided: [[String]]) {
    self.init(parameters: parameters)
    let layers = Set(found.assignments.compactMap(\.layer)).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(layers, 0...))
    assignments = found.assignments.map { assignment in
      var assignment = assignment
      assignment.layer = assignment.layer.flatMap { numbers[$0] }
      return assignment
    }
    unassigned = found.unassigned
    layerNumbers = Array(layers.indices)
    let roles = Set(assignments.map(\.role))
    isParallel = roles.contains(.inputNorm) && !roles.contains(.postAttentionNorm)
    isPostNorm = !roles.contains(.finalNorm)
    headSize = given ?? found.headSize.map { HeadSize(size: $0, source: .weights, others: []) }
    let all = parameters.reduce(0) { $0 + $1.count }
    let assigned = Set(assignments.map(\.parameter)).reduce(0) { $0 + parameters[$1].count }
    explained = all == 0 ? 0 : Double(assigned) / Double(all)
    inference = Inference(
      notes: found.notes, undecided: undecided, distance: found.distance, confidence: found.confidence)
    if assignments.contains(where: { $0.part.isTransposed }) { storage.append(.transposed) }
    if assignments.contains(where: { $0.part.rows != nil }) { storage.append(.fused) }
    if assignments.contains(where: { $0.part.stack != nil }) { storage.append(.stackedExperts) }
  }
}

extension RoleReading {
  /// The groups of roles that the likely ones of `readings` assign differently (`gate_proj` and `up_proj`), sorted.
  static func undecided(_ readings: [RoleReading]) -> [[String]] {
    guard let first = readings.first else { return [] }
    func roles(_ reading: RoleReading, of parameters: Set<Int>) -> [Int: Set<String>] {
      reading.assignments.reduce(into: [:]) {
        if parameters.contains($1.parameter) { $0[$1.parameter, default: []].insert($1.role.name) }
      }
    }
    var found: Set<[String]> = []
    for reading in readings.dropFirst() where reading.distance < disputing {
      let different = first.moved(in: reading)
      let likeliest = roles(first, of: different)
      for (parameter, other) in roles(reading, of: different) where likeliest[parameter] != other {
        let names = likeliest[parameter, default: []].symmetricDifference(other).filter { !$0.hasSuffix(".bias") }
        if names.count > 1 { found.insert(names.sorted()) }
      }
    }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
