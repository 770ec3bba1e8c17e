import ModelAnatomy
import Threads

extension Alignment {
  /// Layers on which head sizes are tried.
  private static let trialLayers = 2
  /// Head sizes whose likeness differs by less are about equally good. Rounding and sketches change it by less, a wrong size by
  /// more.
  private static let likenessMargin = 0.02

  /// The heads of every layer that has an origin.
  static func heads(
    _ candidate: Anatomy, _ foundation: Anatomy, _ layers: [Int: Int], _ coordinates: SharedCoordinates, workers: Workers
  ) -> [HeadMatch] {
    let pairs = layers.sorted { $0.key < $1.key }
    func matches(_ chosen: [(key: Int, value: Int)], _ sizes: [Int]) -> [[HeadMatch]] {
      workers.map(chosen.count) { index in
        let (layer, origin) = chosen[index]
        guard !workers.isCancelled, let candidate = HeadRows(candidate, layer: layer, coordinates.candidate),
          let foundation = HeadRows(foundation, layer: origin, coordinates.foundation)
        else { return [] }
        return sizes.compactMap { HeadMatch(candidate, foundation, size: $0, layer: layer, originLayer: origin) }
      }
    }
    let sizes = sizes(candidate, foundation)
    guard sizes.count > 1 else { return matches(pairs, sizes).flatMap(\.self) }
    let trials = matches(Array(pairs.prefix(trialLayers)), sizes).flatMap(\.self)
    let bySize = Dictionary(grouping: trials, by: \.size).map { size, matches in
      let groups = matches.flatMap(\.groups)
      // The complexity of the changes inside heads: the mean of their kinds.
      let kinds = groups.reduce(0) { $0 + max($1.value.kind, $1.key.kind).rawValue }
      return (
        size: size, likeness: matches.reduce(0) { $0 + $1.likeness } / Double(matches.count),
        complexity: Double(kinds) / Double(max(groups.count, 1))
      )
    }
    guard let most = bySize.map(\.likeness).max() else { return [] }
    // Among sizes that are about equally good, the size with the simplest changes is taken, then the largest. Halves of heads are
    // as similar as whole heads, and two heads in another order can be mistaken for one head that was rotated inside.
    let best = bySize.filter { $0.likeness >= most - likenessMargin }
      .min { ($0.complexity, -$0.size) < ($1.complexity, -$1.size) }?.size
    return matches(pairs, best.map { [$0] } ?? []).flatMap(\.self)
  }

  /// The head size from a configuration, if there is one; otherwise all sizes to try.
  private static func sizes(_ candidate: Anatomy, _ foundation: Anatomy) -> [Int] {
    let known = [candidate.headSize, foundation.headSize].compactMap(\.self).filter { $0.source != .assumed }
    if let first = known.first { return [first.size] }
    let rows = [candidate, foundation].compactMap { anatomy in anatomy.weights.first { $0.role == .kProj }?.rows }
    guard rows.count == 2 else { return [] }
    return stride(from: 8, through: 512, by: 8).filter { size in rows.allSatisfy { $0 % size == 0 } }
  }
}
