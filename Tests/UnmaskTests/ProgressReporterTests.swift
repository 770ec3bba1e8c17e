import Foundation
import Synchronization
import Testing
import Threads
import WeightSimilarity

@testable import Unmask

@Suite struct ProgressReporterTests {
  @Test("the handler is told while work goes on, and not after it has ended")
  func told() throws {
    let seen = Mutex<[RunProgress]>([])
    let run = RunSettings(threads: 1, progress: { progress in seen.withLock { $0.append(progress) } })
    run.watching(.comparing, total: 100) { counter in
      counter.skip(40)
      for _ in 0..<200 where seen.withLock({ $0.isEmpty }) { Thread.sleep(forTimeInterval: 0.05) }
    }
    let told = seen.withLock { $0 }
    #expect(told.first?.bytesDone == 40 && told.first?.bytesTotal == 100 && told.first?.phase == .comparing)
    Thread.sleep(forTimeInterval: 0.5)
    #expect(seen.withLock { $0.count } == told.count)
  }
}
