import Dispatch
import ReadAhead
import Synchronization
import Testing

@Suite("Requests to the disk")
struct DiskRequestsTests {
  /// What was asked for, in order.
  private final class Log: Sendable {
    let tasks = Mutex([Int]())
    let asked = DispatchSemaphore(value: 0)

    func add(_ task: Int) {
      tasks.withLock { $0.append(task) }
      asked.signal()
    }
  }

  @Test("every task is asked for once, in order, and none before there is room for it")
  func ahead() {
    let log = Log()
    let requests = DiskRequests(tasks: 20, ahead: 4) { log.add($0) }
    for task in 0..<20 {
      // What is ahead of this task has been asked for when so many signals came, and nothing else can have been.
      if task == 0 { for _ in 0..<4 { log.asked.wait() } } else if task + 4 <= 20 { log.asked.wait() }
      #expect(log.tasks.withLock { $0 } == Array(0..<min(task + 4, 20)))
      requests.finish(task)
    }
  }

  @Test("who works faster than the disk is asked waits for nothing")
  func behind() {
    let log = Log()
    let requests = DiskRequests(tasks: 5, ahead: 1) { log.add($0) }
    for task in 0..<5 { requests.finish(task) }
    for _ in 0..<5 { log.asked.wait() }
    #expect(log.tasks.withLock { $0 } == [0, 1, 2, 3, 4])
  }
}
