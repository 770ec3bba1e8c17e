/// A partition of 0 ..< count into sets, built by joining pairs one by one.
///
/// ```swift
/// var sets = DisjointSets(count: 4)
/// sets.join(0, 2)
/// sets.members     // [[0, 2], [1], [3]]
/// ```
package struct DisjointSets: Sendable {
  private var parents: [Int]

  /// Each member starts in a set that holds it alone.
  package init(count: Int) { parents = Array(0..<count) }

  /// The least member of the set that `i` is in. O(α), amortised.
  package mutating func first(of i: Int) -> Int {
    var at = i
    while parents[at] != at {
      parents[at] = parents[parents[at]]
      at = parents[at]
    }
    return at
  }

  /// Joins the sets of two members.
  package mutating func join(_ a: Int, _ b: Int) {
    let (x, y) = (first(of: a), first(of: b))
    parents[max(x, y)] = min(x, y)
  }

  /// The sets, ordered by their first member. The members of each set are ascending. O(count · α).
  package var members: [[Int]] {
    var copy = self
    var found: [Int: [Int]] = [:]
    for i in parents.indices { found[copy.first(of: i), default: []].append(i) }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }
}
