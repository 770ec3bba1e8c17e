import Synchronization

/// A request to stop that several threads share.
///
/// ```swift
/// let cancellation = CancellationFlag()
/// let workers = Workers(threads: 4, cancellation: cancellation)
/// cancellation.cancel()     // from any thread: loops over these workers end early
/// ```
///
/// A computation that was cancelled returns early, with a value of the right type that is meaningless. Its caller checks `isCancelled`
/// afterwards, discards the value and throws. A cancellation cannot be undone.
public final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  /// A token that is not cancelled.
  public init() {}

  /// Asks all computations that have this token to stop. Returns at once. Any thread may call it, any number of times.
  public func cancel() { flag.store(true, ordering: .relaxed) }

  /// Whether `cancel` was called. O(1): one atomic load.
  public var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
