import Dispatch
import Synchronization

/// Threads that share a piece of work. The result does not depend on the number of threads.
///
/// ```swift
/// let squares = Workers(threads: 4).map(100) { $0 * $0 }
/// ```
///
/// Threads take the next task from a common counter, so that a slow task delays no other one. Results are returned in the order
/// of the tasks. A task must not depend on another one.
package struct Workers: Sendable {
  /// The number of threads, with the caller's.
  package let threads: Int
  /// The flag that stops work early; nil for work that always runs to its end.
  package let cancellation: CancellationFlag?

  /// Work that is shared by this many threads, at least one, until `cancellation` stops it.
  package init(threads: Int, cancellation: CancellationFlag? = nil) {
    precondition(threads >= 1, "work needs at least one thread")
    self.threads = threads
    self.cancellation = cancellation
  }

  /// Whether the work was cancelled: loops should end, since their result will be discarded.
  package var isCancelled: Bool { cancellation?.isCancelled ?? false }

  /// The results of `body` for 0 ..< count, in that order. Cost: one lock a task.
  ///
  /// This function has a result for each task also when the work is cancelled, because callers combine results by position: tasks
  /// that are expensive check `isCancelled` themselves.
  package func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
    map(count, scratch: {}) { task, _ in body(task) }
  }

  /// As `map(_:_:)`, and each thread passes the same scratch value to all of its tasks, so that tasks need not allocate.
  package func map<Scratch, Result: Sendable>(
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
