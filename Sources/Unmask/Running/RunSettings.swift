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

/// The settings of a computation: its threads, its progress handler, and its cancellation token.
package struct RunSettings: Sendable {
  package let workers: Workers
  let progress: ProgressHandler?
  let cancellation: Cancellation?

  /// `threads`: their number; nil for all cores. The results do not depend on it.
  package init(threads: Int? = nil, progress: ProgressHandler? = nil, cancellation: Cancellation? = nil) {
    workers = Self.workers(threads, cancellation)
    (self.progress, self.cancellation) = (progress, cancellation)
  }

  /// This run with its threads divided between `jobs` that run at the same time.
  func shared(between jobs: Int) -> RunSettings {
    RunSettings(threads: max(1, workers.threads / jobs), progress: progress, cancellation: cancellation)
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

  /// The result of `work`. Its progress is reported to `progress`. `total`: the number of bytes that it will read.
  func watching<Result, Failure: Error>(
    _ phase: RunProgress.Phase, total: Int, _ work: (Progress) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let counter = Progress(total: total)
    let reporter = ProgressReporter(counter, phase, progress)
    defer { reporter?.finish() }
    return try work(counter)
  }
}
