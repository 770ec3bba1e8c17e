import Synchronization

/// What a computation is doing, and how long everything took that it has done. Threads may share it.
///
/// ```swift
/// let log = ActivityLog<String>()
/// let sum = log.perform(.init(phase: "adding", part: nil), isInBackground: false, bytes: 0) { numbers.reduce(0, +) }
/// log.times.map(\.seconds)     // [0.31]
/// ```
///
/// The time of an activity does not include that of an activity inside it, so the times of one thread add up. Activities in the background
/// (pairs that are compared at the same time) have times of their own, which are also part of the time of the activity that waits for
/// them.
package final class ActivityLog<Phase: Hashable & Sendable>: Sendable {
  /// A kind of work on a part of a model; nil where it is on all of it.
  package struct Activity: Sendable, Hashable {
    package let phase: Phase
    package let part: String?

    package init(phase: Phase, part: String?) { (self.phase, self.part) = (phase, part) }
  }

  /// The time that an activity took, over all its occurrences.
  package struct Time: Sendable {
    package let activity: Activity
    /// Whether it is part of the time of another activity.
    package let isInBackground: Bool
    package var seconds = 0.0
    /// Bytes that it read; 0 where that is not known.
    package var bytes = 0
  }

  private struct Key: Hashable, Sendable {
    var activity: Activity
    var isInBackground: Bool
  }

  private struct State {
    /// The activities that have begun and not ended, the outermost first.
    var open: [Activity] = []
    /// When the innermost activity began or went on.
    var resumed = ContinuousClock.now
    var times: [Time] = []
    var places: [Key: Int] = [:]

    mutating func add(_ activity: Activity, isInBackground: Bool, _ duration: Duration, bytes: Int = 0) {
      let key = Key(activity: activity, isInBackground: isInBackground)
      let place = places[key] ?? times.count
      if place == times.count {
        places[key] = place
        times.append(Time(activity: activity, isInBackground: isInBackground))
      }
      times[place].seconds += duration / .seconds(1)
      times[place].bytes += bytes
    }

    /// Adds the time since `resumed` to the innermost activity.
    mutating func pause(bytes: Int = 0) {
      let now = ContinuousClock.now
      if let activity = open.last { add(activity, isInBackground: false, now - resumed, bytes: bytes) }
      resumed = now
    }
  }

  private let state = Mutex(State())

  package init() {}

  /// What is being done now; nil between activities.
  package var current: Activity? { state.withLock { $0.open.last } }

  /// The times, in the order in which the activities were first begun.
  package var times: [Time] { state.withLock { $0.times } }

  /// Does `work`. `bytes`: the number of bytes that it reads.
  package func perform<Result, Failure: Error>(
    _ activity: Activity, isInBackground: Bool, bytes: Int, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if isInBackground {
      let start = ContinuousClock.now
      defer { state.withLock { $0.add(activity, isInBackground: true, ContinuousClock.now - start, bytes: bytes) } }
      return try work()
    }
    state.withLock { state in
      state.pause()
      state.open.append(activity)
      // An entry now, so that the times are in the order of the beginnings.
      state.add(activity, isInBackground: false, .zero)
    }
    defer {
      state.withLock { state in
        state.pause(bytes: bytes)
        state.open.removeLast()
      }
    }
    return try work()
  }
}
