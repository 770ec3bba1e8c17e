import LinearAlgebra
import RealModule

/// Whether a part lies between some known parts: a mixture of them, seen from signs alone.
///
/// A mean of several numbers, with any positive weights, has the sign of at least one of them. So nowhere does a mixture differ from all of its
/// parents: not in one sampled number, apart from those that rounding to few bits sets to 0. This holds for linear and spherical merges, for
/// merges of unrelated models, and for layers that are taken from several parents.
///
/// The null distribution: relatives that are no mixtures differ from all parents in many numbers. Let u be the numbers in which a part has
/// the sign of one parent alone, and n those in which it has the sign of none. For task vectors at right angles and of one length, n / (n + u) is
/// 0.29 for the common base of two models, 0.43 for that of three, and 0.5 for another model tuned from the base. For a step on
/// the way from one parent to the other it is 0.29, if both ways are at right angles, 0.13, if their cosine is 0.5, and 0.05, if it is 0.8.
/// The test asks whether n / (n + u) is below 0.1 for each parent, by the binomial distribution; and it has to be at most 0.05. A
/// training whose steps go in nearly one direction is not told from a merge.
package struct SketchMixture: Sendable, Equatable {
  /// The share of differing signs that the null hypothesis allows, and the one that counts as a mixture.
  private static let nullShare = 0.1
  private static let mostShare = 0.05
  /// The known parts that may be parents are those most like the part, at most so many; a mixture has at most so many parents.
  private static let mostKnown = 16
  private static let mostParents = 4

  /// A parent: its place among the known parts, and about its share. The shares add to 1.
  package struct Parent: Sendable, Equatable {
    package var known: Int
    package var share: Double
  }

  /// The parents, the largest share first: two at least.
  package let parents: [Parent]
  /// log10 of the p-value, corrected for the sets of parents and for `log10Tries`.
  package let log10P: Double

  /// Nil if there is no mixture of some of these parts beyond chance. `known`: relatives in place of the candidate; those without one of its
  /// matrices do not count. O(known² · signs).
  package init?(candidate: PartSketch, known: [PartSketch], log10Tries: Double) {
    let signs = Signs(candidate)
    var near: [(place: Int, different: [UInt32], count: Int)] = []
    for (place, part) in known.enumerated() {
      guard let different = signs.differing(from: part) else { continue }
      near.append((place, different, Self.count(different)))
    }
    near.sort { ($0.count, $0.place) < ($1.count, $1.place) }
    // A copy of a known part is no mixture.
    guard near.count >= 2, let first = near.first, first.count > 0 else { return nil }
    near = Array(near.prefix(Self.mostKnown))
    let tried = Double.log10(Double(near.count))
    var set = Self.bestPair(near.map(\.different))
    while set.count <= Self.mostParents {
      let log10P = Self.log10P(set.map { near[$0].different }) + tried * Double(set.count) + log10Tries
      if log10P <= SketchMatch.log10Significance {
        parents = Self.shares(set.map { near[$0].different }, bits: signs.bits).enumerated()
          .map { Parent(known: near[set[$0]].place, share: $1) }.sorted { ($1.share, $0.known) < ($0.share, $1.known) }
        self.log10P = log10P
        return
      }
      guard let next = Self.best(beside: set, near.map(\.different)) else { return nil }
      set.append(next)
    }
    return nil
  }

  /// The two parts with the fewest numbers in which the candidate differs from both.
  private static func bestPair(_ different: [[UInt32]]) -> [Int] {
    var best = (count: Int.max, pair: [0, 1])
    for a in different.indices {
      for b in 0..<a {
        let count = count(common([different[a], different[b]]))
        if count < best.count { best = (count, [b, a]) }
      }
    }
    return best.pair
  }

  /// The part that leaves the fewest numbers in which the candidate differs from all.
  private static func best(beside set: [Int], _ different: [[UInt32]]) -> Int? {
    let left = common(set.map { different[$0] })
    return different.indices.filter { !set.contains($0) }
      .min { (count(common([left, different[$0]])), $0) < (count(common([left, different[$1]])), $1) }
  }

  /// log10 of the largest p-value among the parents, 0 if one is not needed.
  private static func log10P(_ different: [[UInt32]]) -> Double {
    let none = count(common(different))
    return different.indices.map { parent in
      let rest = different.indices.filter { $0 != parent }.map { different[$0] }
      let trials = count(common(rest))
      guard trials > 0, Double(none) <= mostShare * Double(trials) else { return 0 }
      return Binomial(trials: trials, chance: 1 - nullShare).log10UpperTail(trials - none)
    }.max() ?? 0
  }

  /// About the shares. Of two parents: the angles θ of signs that differ are those of the weights, and a mixture of two directions has the
  /// weights sin θ₂ : sin θ₁. Of more: as the numbers whose sign one parent alone has.
  private static func shares(_ different: [[UInt32]], bits: Int) -> [Double] {
    let none = count(common(different))
    let parts = different.indices.map { parent -> Double in
      let rest = different.indices.filter { $0 != parent }.map { different[$0] }
      let left = count(common(rest))
      return different.count == 2 ? .sin(min(1, Double(left) / Double(max(bits, 1))) * .pi) : Double(left - none)
    }
    let sum = parts.reduce(0, +)
    return parts.map { sum > 0 ? $0 / sum : 1 / Double(parts.count) }
  }

  /// Where all of these are set.
  private static func common(_ sets: [[UInt32]]) -> [UInt32] {
    guard var all = sets.first else { return [] }
    for set in sets.dropFirst() { for k in all.indices { all[k] &= set[k] } }
    return all
  }

  private static func count(_ words: [UInt32]) -> Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

  /// The signs of a part by role, layer and shape.
  private struct Signs {
    private struct Key: Hashable {
      let kind: WeightSketch.Kind
      let layer: Int?

      init(_ weight: WeightSketch) { (kind, layer) = (weight.kind, weight.layer) }
    }

    private let weights: [WeightSketch]
    private let columns: Int

    init(_ part: PartSketch) {
      weights = part.weights.filter { !$0.signs.isEmpty }
      columns = part.columns
    }

    var bits: Int { weights.count * SketchRule.rows * columns }

    /// The signs that differ from those of another part, with at least as many columns; nil if it lacks a matrix.
    func differing(from other: PartSketch) -> [UInt32]? {
      guard other.columns >= columns else { return nil }
      let mask = SketchRule.mask(columns: columns)
      let known = Dictionary(
        other.weights.filter { !$0.signs.isEmpty }.map { (Key($0), $0.signs) }, uniquingKeysWith: { first, _ in first })
      var words: [UInt32] = []
      for weight in weights {
        guard let signs = known[Key(weight)] else { return nil }
        words += zip(weight.signs, signs).map { ($0 ^ $1) & mask }
      }
      return words
    }
  }
}
