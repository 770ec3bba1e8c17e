package import Threads

/// Ends a computation early, from any thread.
///
/// ```swift
/// let cancellation = Cancellation()
/// Task.detached { try await Task.sleep(for: .seconds(60)); cancellation.cancel() }
/// let result = try Unmask.compare(candidate: "theirs", foundation: "ours", cancellation: cancellation)
/// ```
///
/// A cancelled computation throws ``UnmaskError`` with the kind ``UnmaskError/Kind/cancelled``, after the few blocks that its threads have begun.
public final class Cancellation: Sendable {
  /// What the threads of the computation check.
  package let flag = CancellationFlag()

  /// A token that is not cancelled yet.
  public init() {}

  /// Asks every computation that has this token to end. Returns at once.
  public func cancel() { flag.cancel() }

  /// Whether `cancel` was called.
  public var isCancelled: Bool { flag.isCancelled }
}
