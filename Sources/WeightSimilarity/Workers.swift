import Dispatch
import Synchronization

/// Threads that share a piece of work; what comes back does not depend on how many they are.
///
/// ```swift
/// let squares = Workers(threads: 4).map(100) { $0 * $0 }
/// ```
///
/// Tasks are taken from a counter, so that a slow one holds up nobody, and results are returned in the order of the
/// tasks. A task must not depend on another one.
public struct Workers: Sendable {
  /// Number of threads, the caller's included.
  public let threads: Int

  /// Work shared by this many threads, at least one.
  public init(threads: Int) {
    precondition(threads >= 1, "work needs at least one thread")
    self.threads = threads
  }

  /// The results of `body` for 0 ..< count, in that order. Cost: one lock a task.
  public func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    map(count, scratch: {}) { task, _ in body(task) }
  }

  /// The results of `body` for 0 ..< count, in that order; each thread reuses a scratch value of its own, so that tasks
  /// need not allocate.
  public func map<Scratch, Result: Sendable>(
    _ count: Int, scratch: @Sendable () -> Scratch, _ body: @Sendable (Int, inout Scratch) -> Result
  ) -> [Result] {
    let results = Mutex([Result?](repeating: nil, count: count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, max(count, 1))) { _ in
      var own = scratch()
      while true {
        let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard task < count else { return }
        let result = body(task, &own)
        results.withLock { $0[task] = result }
      }
    }
    // Every task below `count` was taken and finished, so nothing is missing.
    return results.withLock { $0.compactMap { $0 } }
  }
}
