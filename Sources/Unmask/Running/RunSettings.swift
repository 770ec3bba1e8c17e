import Checkpoints
import ModelAnatomy
package import Threads

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The settings of a computation: its threads, its progress handler, its log, and its cancellation token.
package struct RunSettings: Sendable {
  package let workers: Workers
  let progress: ProgressHandler?
  /// What is being done, for the progress, and how long it took.
  package let log: RunProgress.Log
  let cancellation: Cancellation?
  /// The part of a model that the work is on, for the progress; nil where it is on all of it.
  private var part: String?
  /// Whether the work is one of several that run at the same time.
  private var isInBackground = false

  /// `threads`: their number; nil for all cores. The results do not depend on it.
  package init(
    threads: Int? = nil, progress: ProgressHandler? = nil, log: RunProgress.Log = RunProgress.Log(),
    cancellation: Cancellation? = nil
  ) {
    workers = Self.workers(threads, cancellation)
    (self.progress, self.log, self.cancellation) = (progress, log, cancellation)
  }

  /// This run with its threads divided between `jobs` that run at the same time.
  func shared(between jobs: Int) -> RunSettings {
    var shared = RunSettings(
      threads: max(1, workers.threads / jobs), progress: progress, log: log, cancellation: cancellation)
    shared.isInBackground = true
    return shared
  }

  /// This run, for work on one of several parts or models; nil changes nothing.
  package func on(part: String?) -> RunSettings {
    var run = self
    if let part { run.part = part }
    return run
  }

  /// Does `work`, and logs it as `phase`. `bytes`: the number of bytes that it reads.
  package func performing<Result, Failure: Error>(
    _ phase: RunProgress.Phase, bytes: Int = 0, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try log.perform(
      RunProgress.Log.Activity(phase: phase, part: isInBackground ? nil : part), isInBackground: isInBackground, bytes: bytes,
      work)
  }

  static func workers(_ threads: Int?, _ cancellation: Cancellation? = nil) -> Workers {
    Workers(threads: threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))), cancellation: cancellation?.flag)
  }

  /// Throws when the computation was cancelled.
  package func checkCancelled() throws(UnmaskError) {
    if cancellation?.isCancelled == true { throw UnmaskError(.cancelled, .cancelled) }
  }

  /// Throws when the computation was cancelled, or when a file of a model was changed, cut or lost during reading. Then all
  /// results are invalid.
  func check(_ models: Anatomy...) throws(UnmaskError) {
    try checkCancelled()
    do { for checkpoint in models.flatMap(\.checkpoints) { try checkpoint.checkUnchanged() } } catch { throw UnmaskError(error) }
  }

  /// The result of `work`, which is logged as `phase`. Its progress is reported to `progress`. `total`: the number of bytes that it
  /// will read.
  package func watching<Result, Failure: Error>(
    _ phase: RunProgress.Phase, total: Int, _ work: (Progress) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try reporting(total: total) { counter throws(Failure) in
      try performing(phase, bytes: total) { () throws(Failure) in try work(counter) }
    }
  }

  /// The result of `work`, whose activities are reported to `progress`.
  func reporting<Result, Failure: Error>(
    total: Int, _ work: (Progress) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let counter = Progress(total: total)
    let reporter = RunProgress.report(counter, log, to: progress)
    defer { reporter?.finish() }
    return try work(counter)
  }
}
