import ModelAnatomy

/// One way in which a model whose names nobody knows may be read.
///
/// ```swift
/// for reading in RoleInference.readings(of: parameters, in: checkpoint) {
///   print(reading.notes, reading.assignments.count)   // the likeliest first
/// }
/// ```
///
/// What it does not promise: that a role is right. `confidence` says how much of the model no other reading disputes, and a
/// comparison tries the other readings too.
struct RoleReading: Sendable {
  /// The assignments. A parameter without one was not recognised.
  var assignments: [WeightAssignment]
  /// The parameters without an assignment, ascending.
  var unassigned: [Int]
  /// Elements of an attention head, where the weights told them.
  var headSize: Int?
  /// Readings nearer than this to the likeliest dispute it: one in 740 of wrong plans looks better than a right one by more.
  static let disputing = 3.0
  /// The share of the parameters' elements that has the same assignments in every reading near the likeliest: 0 … 1.
  var confidence = 1.0
  /// How far it is from the likeliest reading, in standard deviations of what weights without any structure would show; 0 for the
  /// likeliest.
  var distance = 0.0
  /// What was inferred, and from what: one plain sentence each.
  var notes: [String]

  /// The parameters that `other` may assign otherwise: where both lists have the same assignment at the same index, it makes no difference
  /// between them, and most do. O(assignments).
  func moved(in other: RoleReading) -> Set<Int> {
    let (a, b) = (assignments, other.assignments)
    var moved = Set((a.dropFirst(b.count) + b.dropFirst(a.count)).map(\.parameter))
    for (one, other) in zip(a, b) where one != other { moved.formUnion([one.parameter, other.parameter]) }
    return moved
  }

  /// The parameters that `other` assigns otherwise. O(assignments).
  func disputed(by other: RoleReading) -> Set<Int> {
    let moved = moved(in: other)
    func assignments(_ reading: RoleReading) -> [Int: Set<WeightAssignment>] {
      reading.assignments.reduce(into: [:]) { if moved.contains($1.parameter) { $0[$1.parameter, default: []].insert($1) } }
    }
    let (these, others) = (assignments(self), assignments(other))
    return moved.filter { these[$0] != others[$0] }
  }
}
