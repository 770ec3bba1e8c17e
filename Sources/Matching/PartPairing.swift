package import ModelAnatomy

/// Which part of a foundation each part of a candidate is compared with: a tower with a tower, a language model with a language
/// model.
///
/// ```swift
/// for pair in PartPairing.pairs(candidate: theirs.parts, foundation: ours.parts) { … }   // the main part first
/// ```
///
/// It reads names and shapes alone. O(weights).
package enum PartPairing {
  /// A part of the candidate and its counterpart; nil where the foundation has none.
  package typealias Pair = (candidate: ModelPart, foundation: ModelPart?)

  /// Parts of other kinds are counterparts when half of the parameters have a matrix of the same shape in the other: a stack whose
  /// names say nothing, or the wrong thing. Stacks of two kinds share hardly any shape by chance.
  private static let leastOverlap = 0.5

  /// The pairs, in the order of the candidate's parts.
  ///
  /// Parts of one kind are paired first, those with most shapes in common first; then parts of different kinds with common shapes.
  /// The main part of the candidate always has a counterpart: it is the question. Without any other it is the foundation's main part.
  package static func pairs(candidate: [ModelPart], foundation: [ModelPart]) -> [Pair] {
    if candidate.count == 1, foundation.count == 1 { return [(candidate[0], foundation[0])] }
    let own = candidate.map { Shapes(of: $0.anatomy) }
    let other = foundation.map { Shapes(of: $0.anatomy) }
    struct Option {
      var candidate: Int
      var foundation: Int
      var isOneKind: Bool
      var overlap: Double
    }
    var options: [Option] = []
    for i in candidate.indices {
      for j in foundation.indices {
        let isOneKind = candidate[i].kind == foundation[j].kind
        let overlap = own[i].overlap(with: other[j])
        if isOneKind || overlap >= leastOverlap {
          options.append(Option(candidate: i, foundation: j, isOneKind: isOneKind, overlap: overlap))
        }
      }
    }
    options.sort { a, b in
      if a.isOneKind != b.isOneKind { return a.isOneKind }
      if a.overlap != b.overlap { return a.overlap > b.overlap }
      return (a.candidate, a.foundation) < (b.candidate, b.foundation)
    }
    var found: [Int: Int] = [:]
    var used: Set<Int> = []
    for option in options where found[option.candidate] == nil && !used.contains(option.foundation) {
      found[option.candidate] = option.foundation
      used.insert(option.foundation)
    }
    if found[0] == nil { found[0] = foundation.indices.first { !used.contains($0) } ?? 0 }
    return candidate.indices.map { i in (candidate[i], found[i].map { foundation[$0] }) }
  }

  /// The parts of a foundation that are in none of its pairs.
  package static func missing(from pairs: [Pair], of foundation: [ModelPart]) -> [ModelPart] {
    let used = Set(pairs.compactMap { $0.foundation?.name })
    return foundation.filter { !used.contains($0.name) }
  }

  /// How many matrices of each shape a part has.
  private struct Shapes {
    private var counts: [[Int]: Int] = [:]
    private var elements = 0

    init(of anatomy: Anatomy) {
      for weight in anatomy.weights where weight.isMatrix && !weight.role.isTokenTable {
        counts[weight.shape, default: 0] += 1
        elements += weight.parameters
      }
    }

    /// The share of this part's elements in matrices that have a partner of equal shape in the other part, 0 … 1.
    func overlap(with other: Shapes) -> Double {
      guard elements > 0 else { return 0 }
      let shared = counts.reduce(0) { $0 + min($1.value, other.counts[$1.key] ?? 0) * $1.key.reduce(1, *) }
      return Double(shared) / Double(elements)
    }
  }
}
