/// How the channels of queries and keys are divided into heads: `size` channels a head, one head after the other, and `group`
/// query heads for each key and value head.
struct HeadLayout: Hashable, Sendable {
  /// Elements of a head.
  var size: Int
  /// Query heads for each key and value head.
  var group: Int

  /// The kind of heads that a vector of channels belongs to.
  enum Kind: Sendable {
    /// Query heads, also on the input side of `o`.
    case query
    /// Key and value heads.
    case key
  }

  /// Head sizes that published models have (architectures.json), ascending.
  static let knownSizes = [8, 16, 32, 48, 64, 72, 80, 96, 112, 120, 128, 160, 192, 256, 512]

  /// The head sizes that `queries` and `keys` channels allow, as layouts. If `known` is not empty, only the sizes in it.
  static func layouts(queries: Int, keys: Int, known: [Int]) -> [HeadLayout] {
    guard keys > 0, queries % keys == 0 else { return [] }
    let sizes = known.isEmpty ? knownSizes : known
    let found = sizes.filter { keys % $0 == 0 }.map { HeadLayout(size: $0, group: queries / keys) }
    return found.isEmpty ? [HeadLayout(size: keys, group: queries / keys)] : found
  }
}
