import LinearAlgebra

/// Pairs of rows from two sets in which each row is the best match of the other.
///
/// ```swift
/// let matches = MutualMatches(scores: candidate.timesTranspose(of: foundation))
/// matches.partner[3]     // 17: candidate's row 3 and foundation's row 17 chose each other; −1: no partner
/// ```
///
/// Only mutual choices count, because of hubs: a hub is the best match of very many rows, but has only one best match itself.
/// Ties go to the lower index; a best score of zero or less is no match.
struct MutualMatches: Sendable {
  /// For each row of the scores the matched column, or −1.
  var partner: [Int]

  /// The matches of a matrix of scores, candidates × foundations. O(rows · columns).
  init(scores: Matrix, absolute: Bool = false) { partner = scores.mutualHighest(absolute: absolute) }

  /// For each row its partner if all matchings give the same one, else −1.
  static func agreeing(_ all: [MutualMatches]) -> [Int] {
    guard let first = all.first else { return [] }
    return first.partner.indices.map { i in all.allSatisfy { $0.partner[i] == first.partner[i] } ? first.partner[i] : -1 }
  }
}
