import Synchronization

/// Counts the bytes that were read and the pairs that were compared in full, for a progress line. Threads may share it.
package final class Progress: Sendable {
  /// Bytes that the whole work will read.
  package let total: Int
  private let finished = Atomic(0)
  private let planned = Atomic(0)
  private let compared = Atomic(0)

  /// A counter at zero of `total` bytes.
  package init(total: Int) { self.total = total }

  /// Bytes that were read so far.
  package var done: Int { finished.load(ordering: .relaxed) }

  /// Pairs that will be compared in full; 0 until their number is known.
  package var comparisons: Int { planned.load(ordering: .relaxed) }
  /// Pairs of them that have been compared.
  package var comparisonsDone: Int { compared.load(ordering: .relaxed) }

  /// So many more pairs will be compared in full.
  package func plan(comparisons count: Int) { planned.wrappingAdd(count, ordering: .relaxed) }

  /// One of these pairs has been compared.
  package func countComparison() { compared.wrappingAdd(1, ordering: .relaxed) }

  /// So many bytes need not be read: they count as read.
  package func skip(_ bytes: Int) { advance(by: bytes) }

  /// So many bytes were read.
  package func advance(by bytes: Int) { finished.wrappingAdd(bytes, ordering: .relaxed) }
}
