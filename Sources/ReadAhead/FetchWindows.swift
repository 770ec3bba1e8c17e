import Synchronization
package import TensorFiles

/// Fetches the bytes of consecutive tasks together, some tens of MB at a time, for files that are not on this machine: each request waits
/// for its answer, so a task that fetched alone would leave the connection idle.
package final class FetchWindows: Sendable {
  /// Tasks of a window.
  private static let tasks = 16

  private let slices: @Sendable (_ task: Int) -> [TensorSlice]
  private let count: Int
  private let windows: [Window]

  /// Windows over `count` tasks; `slices` are those that a task reads.
  package init(tasks count: Int, slices: @escaping @Sendable (_ task: Int) -> [TensorSlice]) {
    (self.count, self.slices) = (count, slices)
    windows = (0..<(count + Self.tasks - 1) / Self.tasks).map { _ in Window() }
  }

  /// Fetches the window of a task, unless another thread has or does; then it waits for it.
  package func fetch(_ task: Int) {
    let number = task / Self.tasks
    windows[number].isFetched.withLock { isFetched in
      guard !isFetched else { return }
      isFetched = true
      let tasks = number * Self.tasks..<min((number + 1) * Self.tasks, count)
      TensorSlice.fetch(tasks.flatMap(slices))
    }
  }

  private final class Window: Sendable {
    let isFetched = Mutex(false)
  }
}
