import Synchronization
import TestKit
import Testing
import Threads

@Suite struct WorkersTests {
  @Test("results come in the order of the tasks, whoever finishes first", arguments: [1, 2, 3, 16])
  func order(threads: Int) {
    let found = Workers(threads: threads).map(200) { task in
      // Early tasks take longest.
      (0..<(200 - task) * 50).reduce(task) { sum, x in sum &+ x &* 0 }
    }
    #expect(found == Array(0..<200))
  }

  @Test("no task, no result; one task, one result", arguments: [1, 8])
  func few(threads: Int) {
    #expect(Workers(threads: threads).map(0) { $0 }.isEmpty)
    #expect(Workers(threads: threads).map(1) { $0 + 41 } == [41])
  }

  @Test("each thread has a scratch value of its own, and no more are made than threads")
  func scratch() {
    let made = Atomic(0)
    let found = Workers(threads: 3).map(
      100,
      scratch: {
        made.wrappingAdd(1, ordering: .relaxed)
        return 0
      },
      { task, own in
        own += 1
        return (task, own)
      })
    #expect(found.map(\.0) == Array(0..<100))
    #expect((1...3).contains(made.load(ordering: .relaxed)))
    #expect(found.nonEmptyAllSatisfy { $0.1 >= 1 })
  }

  @Test("cancelled work still has a result for each task, and tasks see that it was cancelled")
  func cancelled() {
    let cancellation = CancellationFlag()
    let workers = Workers(threads: 1, cancellation: cancellation)
    let found = workers.map(100) { task in
      if task == 10 { cancellation.cancel() }
      return workers.isCancelled
    }
    #expect(found.count == 100 && found[99] && !found[0])
    #expect(cancellation.isCancelled && !Workers(threads: 2).isCancelled)
  }
}
