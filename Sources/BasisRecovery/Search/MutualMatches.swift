import LinearAlgebra

/// Pairs of rows of two sets, each of which is the other's best.
///
/// ```swift
/// let matches = MutualMatches(scores: candidate.timesTranspose(of: foundation))
/// matches.partner[3]     // 17: candidate's row 3 and foundation's row 17 chose each other; −1: no partner
/// ```
///
/// Only mutual choices count because of hubs: rows that are the best of very many are the best of their own best only once. Ties go to
/// the lower index; a best score of zero or less is no match.
struct MutualMatches: Sendable {
  /// For each row of the scores its column, or −1.
  var partner: [Int]

  /// The matches of a matrix of scores, candidates × foundations. O(rows · columns).
  init(scores: Matrix, absolute: Bool = false) { partner = scores.mutualHighest(absolute: absolute) }

  /// Rows of which all matchings name the same partner: −1 where they do not.
  static func agreeing(_ all: [MutualMatches]) -> [Int] {
    guard let first = all.first else { return [] }
    return first.partner.indices.map { i in all.allSatisfy { $0.partner[i] == first.partner[i] } ? first.partner[i] : -1 }
  }
}
