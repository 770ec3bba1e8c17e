import Foundation
import Lineage
import Matching
import ModelAnatomy
import Testing
import Threads

@testable import Unmask

@Suite struct ActivityLogTests {
  private func spend(_ seconds: Double) { Thread.sleep(forTimeInterval: seconds) }

  @Test("the time of an activity is without that of another inside it, and so the times add up")
  func nested() {
    let run = RunSettings(threads: 1)
    let start = ContinuousClock.now
    run.performing(.comparing, bytes: 10) {
      spend(0.02)
      run.on(part: "a").performing(.contentHash) { spend(0.05) }
      run.on(part: "b").performing(.contentHash) { spend(0.01) }
    }
    let whole = (ContinuousClock.now - start) / .seconds(1)
    let times = run.log.times
    #expect(times.map(\.activity.phase) == [.comparing, .contentHash, .contentHash])
    #expect(times.map(\.activity.part) == [nil, "a", "b"] && times.map(\.bytes) == [10, 0, 0])
    #expect(times[0].seconds >= 0.02 && times[1].seconds >= 0.05 && times[2].seconds >= 0.01)
    #expect(times.reduce(0) { $0 + $1.seconds } <= whole)
    #expect(run.log.current == nil)
  }

  @Test("work in the background is told apart, and does not change what is being done")
  func background() {
    let run = RunSettings(threads: 2)
    run.performing(.comparing) {
      run.shared(between: 2).on(part: "a").performing(.step(.neurons)) { #expect(run.log.current?.phase == .comparing) }
    }
    #expect(run.log.times.map(\.isInBackground) == [false, true] && run.log.times[1].activity.part == nil)
  }

  @Test("an activity that throws ends")
  func thrown() {
    let run = RunSettings(threads: 1)
    #expect(throws: UnmaskError.self) {
      try run.performing(.statistics) { () throws(UnmaskError) in throw UnmaskError(.cancelled, .cancelled) }
    }
    #expect(run.log.current == nil)
  }

  @Test("a comparison logs each of its steps, with the part where there are several")
  func steps() throws {
    let models = try Model.pair(candidate: testdata + "aurora-chat", foundation: testdata + "aurora", base: nil, threads: 2)
    let run = RunSettings(threads: 2)
    let result = try compare(
      models.candidate, models.foundation, depth: .standard, layerMatrix: .ifPossible, contentHashes: true, run)
    let times = run.log.times.filter { !$0.isInBackground }
    #expect(
      times.map(\.activity.phase) == [
        .step(.inPlace), .step(.gains), .step(.change), .contentHash, .contentHash, .layerProducts,
      ])
    #expect(times[0].bytes > 900_000 && times[0].activity.part == nil && times[3].activity.part == "aurora-chat")
    #expect(result.parts[0].result?.steps.map(\.step) == [.inPlace, .gains, .change])
  }

  @Test("what follows a step has a reason")
  func reasons() throws {
    let reasons = { (candidate: String, depth: Depth) in
      let models = try Model.pair(candidate: testdata + candidate, foundation: testdata + "aurora", base: nil, threads: 2)
      let pairing = PairingChoice.inPlace(models.candidate.anatomy, models.foundation.anatomy, workers: Workers(threads: 2))
      return try PairComparison(pairing, depth: depth, detail: .tuning, RunSettings(threads: 2)).records
    }
    let tuned = try reasons("aurora-chat", .standard)
    #expect(tuned.map(\.decision.reason) == [.allInPlace, .measurable, .done])
    #expect(tuned[0].finding == .alike(28, of: 28) && tuned[1].finding == .gains(areFolded: false, areTraded: false))
    #expect(tuned[0].newEvidence(after: nil).count == 3 && tuned[1].newEvidence(after: tuned[0]).isEmpty)
    #expect(try reasons("aurora-chat", .quick).map(\.decision.reason) == [.quick, .done])
    #expect(try reasons("aurora", .thorough).map(\.decision.reason) == [.allEqual, .measurable, .done])
    let masked = try reasons("masked", .standard)
    #expect(
      masked.map(\.decision.reason) == [.notRelated, .notRelated, .cheaperFirst, .neuronsMatch, .measurable, .done])
    #expect(masked[4].finding == .aligned(isMasked: true) && masked[5].finding == .notMeasured)
    #expect(masked[0].verdict.relation != .derived && masked[3].verdict.relation == .derived)
    #expect(try reasons("borealis", .standard).map(\.decision.reason).last == .done)
  }
}
