import Dispatch

/// Requests the bytes of one task after another from the disk, on a separate thread, a number of tasks ahead of their processing.
///
/// ```swift
/// let requests = DiskRequests(tasks: pieces.count, ahead: 32) { pieces[$0].willNeed() }
/// requests.finish(0)   // when the first task is done; once for every task, roughly in order
/// ```
///
/// It needs a separate thread, because a request blocks while the disk's queue is full, and the requests must keep the queue
/// full. A thread that also computes sends requests too late when other programs use the processor. It decides when bytes are
/// read, never which bytes.
package final class DiskRequests: Sendable {
  private let room: DispatchSemaphore

  /// Starts the thread: it calls `request` for each task in order, `ahead` of them before the first task is finished.
  package init(tasks: Int, ahead: Int, _ request: @escaping @Sendable (Int) -> Void) {
    let room = DispatchSemaphore(value: ahead)
    self.room = room
    DispatchQueue(label: "asking the disk").async {
      for task in 0..<tasks {
        room.wait()
        request(task)
      }
    }
  }

  /// Reports that a task is done.
  package func finish(_ task: Int) { room.signal() }
}
