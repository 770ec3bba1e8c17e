import Dispatch
import Threads

/// Reports the value of a counter to a handler five times a second.
final class ProgressReporter {
  private let timer: any DispatchSourceTimer
  private let queue = DispatchQueue(label: "unmask.progress")

  /// Starts the reports; nil without a handler.
  init?(_ counter: Progress, _ phase: RunProgress.Phase, _ handler: ProgressHandler?) {
    guard let handler else { return nil }
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: .now() + 0.2, repeating: 0.2)
    timer.setEventHandler { handler(RunProgress(phase, counter)) }
    timer.resume()
  }

  /// Ends the reports; the handler is not called after this function returns.
  func finish() {
    timer.cancel()
    queue.sync {}
  }
}

extension RunProgress {
  init(_ phase: Phase, _ counter: Progress) {
    self.init(
      phase: phase, bytesDone: counter.done, bytesTotal: counter.total, comparisonsDone: counter.comparisonsDone,
      comparisonsPlanned: counter.comparisons)
  }
}
