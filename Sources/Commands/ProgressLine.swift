import Dispatch
import Reports
import Synchronization
import Threads
import WeightSimilarity

/// A line on stderr that says how far the work is: bytes done, rate, time left. Drawn on a terminal only, and only when the
/// work takes over half a second.
final class ProgressLine {
  private let timer: any DispatchSourceTimer
  private let queue = DispatchQueue(label: "progress")
  private let start = DispatchTime.now()
  /// Work that takes less shows no line.
  private static let patience = DispatchTimeInterval.milliseconds(500)

  /// Starts to watch `progress`; nil where no line is wanted.
  init?(_ progress: Progress, of work: String, options: SharedOptions) {
    guard options.drawsProgress else { return nil }
    timer = DispatchSource.makeTimerSource(queue: queue)
    timer.schedule(deadline: start + Self.patience, repeating: 0.2)
    let start = start.uptimeNanoseconds
    // Pairs that are looked at one by one begin when the bytes are read: their rate is counted from there.
    let firstLook = Mutex<(seconds: Double, done: Int)?>(nil)
    timer.setEventHandler {
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      let first = firstLook.withLock { first in
        if progress.comparisons > 0, first == nil { first = (seconds, progress.comparisonsDone) }
        return first
      }
      let text =
        first.map { first in
          ProgressText.line(
            of: work, looks: progress.comparisonsDone, total: progress.comparisons, seconds: seconds - first.seconds,
            since: first.done)
        } ?? ProgressText.line(of: work, done: progress.done, total: progress.total, seconds: seconds)
      StandardError.write("\r\u{1B}[K" + text)
    }
    timer.resume()
  }

  /// Clears the line; nothing is drawn after this returns.
  func finish() {
    timer.cancel()
    queue.sync {}
    if DispatchTime.now() >= start + Self.patience { StandardError.write("\r\u{1B}[K") }
  }
}
