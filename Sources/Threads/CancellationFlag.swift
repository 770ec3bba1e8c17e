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
package final class CancellationFlag: Sendable {
  private let flag = Atomic(false)

  /// A token that is not cancelled.
  package init() {}

  /// Asks all computations that have this token to stop. Returns at once. Any thread may call it, any number of times.
  package func cancel() { flag.store(true, ordering: .relaxed) }

  /// Whether `cancel` was called. O(1): one atomic load.
  package var isCancelled: Bool { flag.load(ordering: .relaxed) }
}
