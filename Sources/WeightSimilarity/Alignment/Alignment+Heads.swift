import LinearAlgebra
import ModelAnatomy

extension Alignment {
  /// Layers on which sizes of heads are tried.
  private static let trialLayers = 2

  /// The heads of every layer that has an origin.
  static func heads(
    _ candidate: Anatomy, _ foundation: Anatomy, _ layers: [Int: Int], _ coordinates: SharedCoordinates, workers: Workers
  ) -> [HeadMatch] {
    let pairs = layers.sorted { $0.key < $1.key }
    func matches(_ chosen: [(key: Int, value: Int)], _ sizes: [Int]) -> [[HeadMatch]] {
      workers.map(chosen.count) { place in
        let (layer, origin) = chosen[place]
        guard let b = HeadRows(candidate, layer: layer, coordinates.candidate),
          let a = HeadRows(foundation, layer: origin, coordinates.foundation)
        else { return [] }
        return sizes.compactMap { HeadMatch(b, a, size: $0, layer: layer, originLayer: origin) }
      }
    }
    let sizes = sizes(candidate, foundation)
    guard sizes.count > 1 else { return matches(pairs, sizes).flatMap(\.self) }
    let trials = matches(Array(pairs.prefix(trialLayers)), sizes).flatMap(\.self)
    let bySize = Dictionary(grouping: trials, by: \.size).map { size, matches in
      let groups = matches.flatMap(\.groups)
      // How much had to be turned inside of heads, by kinds.
      let turns = groups.reduce(0) { $0 + max($1.value.kind, $1.key.kind).rawValue }
      return (
        size: size, likeness: matches.reduce(0) { $0 + $1.likeness } / Double(matches.count),
        turns: Double(turns) / Double(max(groups.count, 1))
      )
    }
    guard let most = bySize.map(\.likeness).max() else { return [] }
    // Of those that are about as good: halves of heads are as alike as heads, and two heads in another order are one that was turned
    // inside. The simplest explanation, then the largest size.
    let best = bySize.filter { $0.likeness >= most - 0.02 }.min { ($0.turns, -$0.size) < ($1.turns, -$1.size) }?.size
    return matches(pairs, best.map { [$0] } ?? []).flatMap(\.self)
  }

  /// The size of a head, or those to be tried.
  private static func sizes(_ candidate: Anatomy, _ foundation: Anatomy) -> [Int] {
    let known = [candidate.headSize, foundation.headSize].compactMap(\.self).filter { $0.source != .assumed }
    if let first = known.first { return [first.size] }
    let rows = [candidate, foundation].compactMap { anatomy in anatomy.weights.first { $0.role == .kProj }?.rows }
    guard rows.count == 2 else { return [] }
    return stride(from: 8, through: 512, by: 8).filter { size in rows.allSatisfy { $0 % size == 0 } }
  }
}
