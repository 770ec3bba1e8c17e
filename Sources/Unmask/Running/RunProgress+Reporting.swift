import Threads

extension RunProgress {
  /// Reports the value of a counter to a handler five times a second, until the result is told to finish; nil without a handler.
  static func report(_ counter: Progress, _ log: Log, to handler: ProgressHandler?) -> RepeatedCall? {
    // Between two activities there is nothing to report.
    handler.map { handler in RepeatedCall { if let activity = log.current { handler(RunProgress(activity, counter)) } } }
  }

  private init(_ activity: Log.Activity, _ counter: Progress) {
    self.init(
      phase: activity.phase, part: activity.part, bytesDone: counter.done, bytesTotal: counter.total,
      comparisonsDone: counter.comparisonsDone, comparisonsPlanned: counter.comparisons)
  }
}
