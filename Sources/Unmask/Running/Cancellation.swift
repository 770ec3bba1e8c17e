package import Threads

/// Ends a computation early, from any thread.
///
/// ```swift
/// let cancellation = Cancellation()
/// Task.detached { try await Task.sleep(for: .seconds(60)); cancellation.cancel() }
/// let result = try Unmask.compare(candidate: "theirs", foundation: "ours", cancellation: cancellation)
/// ```
///
/// A cancelled computation throws ``UnmaskError`` with the kind ``UnmaskError/Kind/cancelled``, after its threads finish the few
/// blocks that they have begun.
public final class Cancellation: Sendable {
  /// The flag that the threads of the computation check.
  package let flag = CancellationFlag()

  /// A token that is not cancelled yet.
  public init() {}

  /// Asks every computation that has this token to end. Returns at once.
  public func cancel() { flag.cancel() }

  /// Whether `cancel` was called.
  public var isCancelled: Bool { flag.isCancelled }
}
