/// A random map from many channels to fewer that keeps inner products on average: each channel is added, with a random sign, to
/// one of the fewer ones.
///
/// The squared error of the inner product of two rows is at most 2·‖x‖²·‖y‖² / `width`, whatever the rows and their basis.
/// Source: Charikar, Chen, Farach-Colton, Finding frequent items in data streams (2002): the count sketch.
struct ChannelSketch: Sendable {
  /// The number of channels that are left.
  let width: Int
  private let places: [Int]
  private let signs: [Float]

  /// The map of `channels` to `width` of them; nil if there are no more than that.
  init?(channels: Int, width: Int = CircuitSizes.width) {
    guard channels > width, width > 0 else { return nil }
    self.width = width
    let bits = (0..<channels).map { Self.mixed(UInt64($0)) }
    places = bits.map { Int($0.multipliedFullWidth(by: UInt64(width)).high) }
    signs = bits.map { $0 & 1 == 0 ? 1 : -1 }
  }

  /// The sketch of one row, added to `target` from `start` on.
  func add(_ row: Span<Float>, to target: inout [Float], at start: Int) {
    for (channel, place) in places.enumerated() { target[start + place] += signs[channel] * row[channel] }
  }

  /// The finaliser of SplitMix64.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = (value &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
