package import Threads

/// Ends a computation early, from any thread.
///
/// ```swift
/// let cancellation = Cancellation()
/// Task.detached { try await Task.sleep(for: .seconds(60)); cancellation.cancel() }
/// let result = try Unmask.compare(candidate: "theirs", foundation: "ours", cancellation: cancellation)
/// ```
///
/// A cancelled computation throws ``UnmaskError`` with the kind ``UnmaskError/Kind/cancelled`` at the end of the step that it is in.
public final class Cancellation: Sendable {
  /// The token that the loops of a computation look at.
  package let token = Threads.Cancellation()

  /// A token that is not cancelled yet.
  public init() {}

  /// Asks every computation that has this token to end.
  public func cancel() { token.cancel() }

  /// Whether `cancel` was called.
  public var isCancelled: Bool { token.isCancelled }
}
