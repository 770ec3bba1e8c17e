import Dispatch

/// Asks the disk for the bytes of one task after another, on a thread of its own, some tasks before they are worked on.
///
/// ```swift
/// let requests = DiskRequests(tasks: pieces.count, ahead: 32) { pieces[$0].willNeed() }
/// requests.finish(0)   // when the first task has been worked on; every task once, in about their order
/// ```
///
/// A thread of its own, because asking blocks while the disk's queue is full, and asking is what keeps it full: whoever waits for one read
/// before the next asks too late where other programs want the processor too. It decides when bytes are read, never which.
final class DiskRequests: Sendable {
  private let room: DispatchSemaphore

  /// Begins to ask: `request` is called for each task in order, `ahead` of them before the first is finished.
  init(tasks: Int, ahead: Int, _ request: @escaping @Sendable (Int) -> Void) {
    let room = DispatchSemaphore(value: ahead)
    self.room = room
    DispatchQueue(label: "asking the disk").async {
      for task in 0..<tasks {
        room.wait()
        request(task)
      }
    }
  }

  /// Says that a task has been worked on.
  func finish(_ task: Int) { room.signal() }
}
