import LinearAlgebra

/// Which residual channel of the candidate is which of the foundation's, as far as a recovered basis tells.
///
/// ```swift
/// let map = ChannelMap(basis: recovery.basis(of: match)!)
/// map.isRotated      // true: no channel of one is a channel of the other
/// ```
///
/// A row of a basis has length 1. An entry of which the square is over one half has more of its row, and of its column, than all others
/// together: that channel *is* one of the other model's. In a random basis of width d the largest square is about 2·ln d / d.
package struct ChannelMap: Sendable, Equatable {
  /// A channel of one model that is one of the other's.
  package struct Channel: Sendable, Equatable {
    /// Its number in the candidate.
    package var candidate: Int
    /// Its number in the foundation.
    package var foundation: Int
    /// −1 where it points the other way.
    package var sign: Int
  }

  /// The channels that both have, by the foundation's number.
  package let channels: [Channel]
  /// The narrower model's width.
  package let width: Int

  /// True when fewer than half of the narrower model's channels are channels of the other.
  package var isRotated: Bool { 2 * channels.count < width }
  /// True when channels stand in another order.
  package var isPermuted: Bool {
    !isRotated && zip(channels, channels.dropFirst()).contains { $0.candidate > $1.candidate }
  }
  /// True when channels point the other way.
  package var hasTurnedSigns: Bool { !isRotated && channels.contains { $0.sign < 0 } }
  /// True when every channel has its old number and sign.
  package var isSame: Bool {
    channels.count == width && channels.allSatisfy { $0.candidate == $0.foundation && $0.sign > 0 }
  }

  /// What a basis, foundation's width × candidate's, says. O(its entries).
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
