/// The number of elements of a head, and the source of that number.
package struct HeadSize: Sendable, Hashable {
  /// The source of a head's size, the most reliable first.
  package enum Source: Int, Sendable, Hashable, Comparable {
    /// The caller: it is the head size of the other model of a pair.
    case given
    /// The length of a norm or of a stored frequency table, or the shapes of other tensors.
    case tensors
    /// The lengths of the rows of queries, keys and values.
    case weights
    /// The config beside the weights, whose number fits the shapes.
    case config
    /// There was no evidence: it is the most common size that fits. Another one of `others` may be right.
    case assumed

    /// The more reliable source is first.
    package static func < (a: Source, b: Source) -> Bool { a.rawValue < b.rawValue }
  }

  /// Elements of a head.
  package let size: Int
  /// The source of the size.
  package let source: Source
  /// Other sizes that fit the shapes, the most common first; empty when the size is certain.
  package let others: [Int]

  /// A size with its source.
  package init(size: Int, source: Source, others: [Int]) {
    self.size = size
    self.source = source
    self.others = others
  }

  /// Sizes of published models, the most common first.
  private static let common = [64, 128, 80, 96, 256, 112, 32, 160, 192, 48, 72, 88, 104, 120, 16, 8]

  /// `sizes` in the order in which they are tried: common sizes first, then the others, the largest first.
  static func byFrequency(_ sizes: [Int]) -> [Int] {
    let rank = { (size: Int) in common.firstIndex(of: size) ?? common.count }
    return sizes.sorted { (rank($0), -$0) < (rank($1), -$1) }
  }
}
