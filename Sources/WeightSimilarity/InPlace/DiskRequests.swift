import Dispatch

/// Asks the disk for the bytes of one task after another, on a thread of its own, some tasks before they are worked on.
///
/// ```swift
/// let requests = DiskRequests(tasks: pieces.count, ahead: 32) { pieces[$0].willNeed() }
/// requests.finish(0)   // when the first task has been worked on; every task once, in about their order
/// ```
///
/// It has a thread of its own, because a request blocks while the disk's queue is full, and requests are what keeps the queue full: a
/// thread that also computes asks too late where other programs use the processor. It decides when bytes are read, never which bytes.
final class DiskRequests: Sendable {
  private let room: DispatchSemaphore

  /// Starts the thread: it calls `request` for each task in order, `ahead` of them before the first task is finished.
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
