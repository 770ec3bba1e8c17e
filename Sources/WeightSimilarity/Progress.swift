import Synchronization

/// Counts the bytes that were worked through, and what is done pair by pair after them, for whoever draws a progress line. Safe to share
/// between threads.
public final class Progress: Sendable {
  /// Bytes that the whole work will read.
  public let total: Int
  private let finished = Atomic(0)
  private let planned = Atomic(0)
  private let looked = Atomic(0)

  /// A counter at zero of `total` bytes.
  public init(total: Int) { self.total = total }

  /// Bytes that were read so far.
  public var done: Int { finished.load(ordering: .relaxed) }

  /// Pairs that are looked at one by one; 0 until that is known.
  public var looks: Int { planned.load(ordering: .relaxed) }
  /// Those that are done.
  public var looksDone: Int { looked.load(ordering: .relaxed) }

  /// So many more pairs are to be looked at one by one.
  public func plan(looks count: Int) { planned.wrappingAdd(count, ordering: .relaxed) }

  /// One of them is done.
  public func countLook() { looked.wrappingAdd(1, ordering: .relaxed) }

  /// So many bytes need not be read.
  public func skip(_ bytes: Int) { advance(by: bytes) }

  func advance(by bytes: Int) { finished.wrappingAdd(bytes, ordering: .relaxed) }
}
