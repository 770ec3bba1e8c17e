import LinearAlgebra

/// Pairs of corresponding residual channels of candidate and foundation, as far as a recovered basis shows them.
///
/// ```swift
/// let map = ChannelMap(basis: recovery.basis(of: match)!)
/// map.isRotated      // true: no channel of one is a channel of the other
/// ```
///
/// A row of a basis has length 1. If the square of an entry is over one half, the entry holds more of its row, and of its column,
/// than all other entries together: the two channels *are* one channel. In a random basis of width d the largest square is about
/// 2·ln d / d.
package struct ChannelMap: Sendable, Equatable {
  /// A channel that both models have.
  package struct Channel: Sendable, Equatable {
    /// Its index in the candidate.
    package var candidate: Int
    /// Its index in the foundation.
    package var foundation: Int
    /// −1 if it has the opposite sign in the candidate, else 1.
    package var sign: Int
  }

  /// The channels that both models have, sorted by index in the foundation.
  package let channels: [Channel]
  /// The narrower model's width.
  package let width: Int

  /// True when fewer than half of the narrower model's channels are channels of the other.
  package var isRotated: Bool { 2 * channels.count < width }
  /// True when channels are in another order.
  package var isPermuted: Bool {
    !isRotated && zip(channels, channels.dropFirst()).contains { $0.candidate > $1.candidate }
  }
  /// True when channels have the opposite sign.
  package var hasTurnedSigns: Bool { !isRotated && channels.contains { $0.sign < 0 } }
  /// True when every channel has its original index and sign.
  package var isSame: Bool {
    channels.count == width && channels.allSatisfy { $0.candidate == $0.foundation && $0.sign > 0 }
  }

  /// The map that a basis gives, foundation's width × candidate's width. Cost: O(entries).
  init(basis: Matrix) {
    var found: [Channel] = []
    for i in 0..<basis.rows {
      for j in 0..<basis.columns {
        let entry = basis[i, j]
        if entry * entry > 0.5 { found.append(Channel(candidate: j, foundation: i, sign: entry < 0 ? -1 : 1)) }
      }
    }
    channels = found
    width = min(basis.rows, basis.columns)
  }
}
