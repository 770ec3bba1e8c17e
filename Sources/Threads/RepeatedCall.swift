import Dispatch

/// Calls a function five times a second, on a thread of its own, until it is told to end.
package final class RepeatedCall {
  private let timer: any DispatchSourceTimer
  private let queue = DispatchQueue(label: "unmask.progress")

  /// Starts the calls; the first one comes after a fifth of a second.
  package init(_ call: @escaping @Sendable () -> Void) {
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + 0.2, repeating: 0.2)
    timer.setEventHandler(handler: call)
    timer.resume()
  }

  /// Ends the calls; none is made after this function returns.
  package func finish() {
    timer.cancel()
    queue.sync {}
  }
}
