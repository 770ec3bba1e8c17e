import Dispatch
import Reports
import Synchronization
import Unmask

/// A progress line on stderr: what is done, how much of it, the rate, and the time left. It is drawn only if the work takes more than
/// half a second, and never wider than the terminal.
final class ProgressLine: Sendable {
  /// The start of the work, of its current phase, and of the first pair in it.
  private struct Clock {
    let begun = DispatchTime.now()
    var phase: RunProgress.Phase?
    var part: String?
    var start = DispatchTime.now()
    var firstPair: (seconds: Double, done: Int)?
  }

  /// The text of the line for the comparison of the models of a collection.
  private let models: String
  private let clock = Mutex(Clock())
  private let isDrawn = Atomic(false)
  /// Work that takes less time than this, in nanoseconds, shows no line.
  private static let patience: UInt64 = 500_000_000

  init(comparing models: String) { self.models = models }

  /// Redraws the line.
  private func draw(_ progress: RunProgress) {
    // The cursor stands behind the last column that is written, so that one stays free.
    guard let text = text(progress, width: StandardError.columns - 1) else { return }
    isDrawn.store(true, ordering: .relaxed)
    StandardError.write("\r\u{1B}[K" + text)
  }

  private func text(_ progress: RunProgress, width: Int) -> String? {
    clock.withLock { clock -> String? in
      let now = DispatchTime.now()
      if clock.phase != progress.phase || clock.part != progress.part {
        if clock.phase != nil { clock.start = now }
        (clock.phase, clock.part, clock.firstPair) = (progress.phase, progress.part, nil)
      }
      guard now.uptimeNanoseconds - clock.begun.uptimeNanoseconds >= Self.patience else { return nil }
      let seconds = Double(now.uptimeNanoseconds - clock.start.uptimeNanoseconds) / 1e9
      let work = progress.phase.words(part: progress.part, models: models)
      // Pairs are compared in full after the bytes are read, so their rate is counted from then.
      if progress.comparisonsPlanned > 0, clock.firstPair == nil { clock.firstPair = (seconds, progress.comparisonsDone) }
      if let first = clock.firstPair {
        return ProgressText.line(
          of: work, pairs: progress.comparisonsDone, total: progress.comparisonsPlanned, seconds: seconds - first.seconds,
          since: first.done, width: width)
      }
      // Only the first step of a comparison counts its bytes.
      let total = progress.phase.countsBytes ? progress.bytesTotal : 0
      return ProgressText.line(of: work, done: progress.bytesDone, total: total, seconds: seconds, width: width)
    }
  }

  /// The handler that the engine calls with the progress.
  var handler: ProgressHandler { { self.draw($0) } }

  /// Clears the line.
  func finish() {
    if isDrawn.load(ordering: .relaxed) { StandardError.write("\r\u{1B}[K") }
  }
}

extension RunProgress.Phase {
  /// Whether the bytes of the progress are those of this phase.
  fileprivate var countsBytes: Bool {
    if case .step(let step) = self { step == .inPlace } else { true }
  }
}
