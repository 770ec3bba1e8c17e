import Synchronization

/// Counts the bytes that were worked through, for whoever draws a progress line. Safe to share between threads.
public final class Progress: Sendable {
  /// Bytes that the whole work will read.
  public let total: Int
  private let finished = Atomic(0)

  /// A counter at zero of `total` bytes.
  public init(total: Int) { self.total = total }

  /// Bytes that were read so far.
  public var done: Int { finished.load(ordering: .relaxed) }

  func advance(by bytes: Int) { finished.wrappingAdd(bytes, ordering: .relaxed) }
}
