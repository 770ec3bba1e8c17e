import Reports
import Threads
import Unmask

/// The run of a command: the settings for the engine, the progress line, and the times for `--verbose`.
///
/// ```swift
/// let run = CommandRun(shared)
/// defer { run.finish() }
/// let result = try run.drawing { () throws(UnmaskError) in try inspect(model, contentHash: true, statistics: false, run.settings) }
/// ```
final class CommandRun: Sendable {
  let settings: RunSettings
  private let line: ProgressLine?
  private let isVerbose: Bool
  private let start = ContinuousClock.now

  /// `models`: the text of the progress line for the comparison of the models of a collection.
  init(_ shared: SharedOptions, comparing models: String = "comparing") {
    line = shared.drawsProgress ? ProgressLine(comparing: models) : nil
    isVerbose = shared.verbose
    settings = RunSettings(threads: shared.threads, progress: line?.handler, log: RunProgress.Log())
  }

  /// Returns the result of `work` and then clears the progress line.
  func drawing<Result>(_ work: () throws(UnmaskError) -> Result) throws(UnmaskError) -> Result {
    defer { line?.finish() }
    return try work()
  }

  /// Writes the times to stderr where `--verbose` asks for them: at the end of the command, whatever its outcome.
  func finish() {
    guard isVerbose else { return }
    let total = (ContinuousClock.now - start) / .seconds(1)
    StandardError.write(TimesText.table(settings.log.times, total: total, width: StandardError.columns))
  }
}
