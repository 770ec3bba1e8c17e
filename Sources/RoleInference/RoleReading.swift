import ModelAnatomy
import ReadingFacts

/// One possible reading of a model with unknown names.
///
/// ```swift
/// for reading in RoleInference.readings(of: parameters, in: checkpoint) {
///   print(reading.notes, reading.assignments.count)   // the likeliest first
/// }
/// ```
///
/// It does not guarantee that a role is right. `confidence` is the share of the model that no other reading disputes, and a
/// comparison tries the other readings too.
struct RoleReading: Sendable {
  /// The assignments. A parameter without one was not recognised.
  var assignments: [WeightAssignment]
  /// The parameters without an assignment, ascending.
  var unassigned: [Int]
  /// Elements of an attention head, if the weights determined it.
  var headSize: Int?
  /// Readings nearer than this to the likeliest dispute it: one in 740 wrong plans scores higher than the right one by more.
  static let disputing = 3.0
  /// The share of the parameters' elements that have the same assignments in every reading near the likeliest: 0 … 1.
  var confidence = 1.0
  /// The distance from the likeliest reading, in standard deviations of the null distribution (weights without any structure);
  /// 0 for the likeliest.
  var distance = 0.0
  /// What was inferred, and the evidence.
  var notes: [InferenceFact]

  /// The parameters that `other` may assign differently. Equal assignments at the same index of both lists are skipped, and
  /// most are equal. O(assignments).
  func moved(in other: RoleReading) -> Set<Int> {
    let (a, b) = (assignments, other.assignments)
    var moved = Set((a.dropFirst(b.count) + b.dropFirst(a.count)).map(\.parameter))
    for (one, other) in zip(a, b) where one != other { moved.formUnion([one.parameter, other.parameter]) }
    return moved
  }

  /// The parameters that `other` assigns differently. O(assignments).
  func disputed(by other: RoleReading) -> Set<Int> {
    let moved = moved(in: other)
    func assignments(_ reading: RoleReading) -> [Int: Set<WeightAssignment>] {
      reading.assignments.reduce(into: [:]) { if moved.contains($1.parameter) { $0[$1.parameter, default: []].insert($1) } }
    }
    let (these, others) = (assignments(self), assignments(other))
    return moved.filter { these[$0] != others[$0] }
  }
}
