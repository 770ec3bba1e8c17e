import Dispatch
import Reports
import Synchronization
import Unmask

/// A progress line on stderr: bytes done, rate, time left. It is drawn only if the work takes more than half a second.
final class ProgressLine: Sendable {
  /// The start of the current phase, and of its first full comparison.
  private struct Clock {
    var phase: RunProgress.Phase?
    var start = DispatchTime.now()
    var firstComparison: (seconds: Double, done: Int)?
  }

  /// The text of the line for the comparison of models.
  private let models: String
  private let clock = Mutex(Clock())
  private let isDrawn = Atomic(false)
  /// Work that takes less time than this, in nanoseconds, shows no line.
  private static let patience: UInt64 = 500_000_000

  init(comparing models: String) { self.models = models }

  /// Redraws the line.
  private func draw(_ progress: RunProgress) {
    let text = clock.withLock { clock -> String? in
      let now = DispatchTime.now()
      if clock.phase != progress.phase { clock = Clock(phase: progress.phase, start: clock.phase == nil ? clock.start : now) }
      let elapsed = now.uptimeNanoseconds - clock.start.uptimeNanoseconds
      guard elapsed >= Self.patience else { return nil }
      let seconds = Double(elapsed) / 1e9
      // Full comparisons begin after the bytes are read, so their rate is counted from then.
      if progress.comparisonsPlanned > 0, clock.firstComparison == nil {
        clock.firstComparison = (seconds, progress.comparisonsDone)
      }
      guard let first = clock.firstComparison else {
        return ProgressText.line(
          of: name(of: progress.phase), done: progress.bytesDone, total: progress.bytesTotal, seconds: seconds)
      }
      return ProgressText.line(
        of: name(of: progress.phase), looks: progress.comparisonsDone, total: progress.comparisonsPlanned,
        seconds: seconds - first.seconds, since: first.done)
    }
    guard let text else { return }
    isDrawn.store(true, ordering: .relaxed)
    StandardError.write("\r\u{1B}[K" + text)
  }

  /// The handler that the engine calls with the progress.
  var handler: ProgressHandler { { self.draw($0) } }

  /// Clears the line.
  fileprivate func finish() {
    if isDrawn.load(ordering: .relaxed) { StandardError.write("\r\u{1B}[K") }
  }

  private func name(of phase: RunProgress.Phase) -> String {
    switch phase {
    case .comparing: models
    case .layerProducts: "layer products"
    case .statistics: "reading"
    }
  }
}

extension ProgressLine? {
  /// Returns the result of `work` and then clears the line.
  func whileDrawn<Result>(_ work: () throws(UnmaskError) -> Result) throws(UnmaskError) -> Result {
    defer { self?.finish() }
    return try work()
  }
}
