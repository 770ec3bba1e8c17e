import Matching
import ModelAnatomy
import Testing
import Threads
import WeightSimilarity

@testable import Unmask

@Suite struct EscalationTests {
  private func steps(
    _ candidate: String, _ foundation: String, _ depth: Depth, _ detail: ComparisonDetail = .tuning
  ) throws -> [ComparisonStep] {
    let models = try Model.pair(candidate: testdata + candidate, foundation: testdata + foundation, base: nil, threads: 2)
    let pairing = PairingChoice.inPlace(models.candidate.anatomy, models.foundation.anatomy, workers: Workers(threads: 2))
    return try PairComparison(pairing, depth: depth, detail: detail, RunSettings(threads: 2)).steps
  }

  @Test("a quick comparison ends in place, and says what tuning changed only where that is wanted")
  func quick() throws {
    #expect(try steps("aurora-chat", "aurora", .quick, .relation) == [.inPlace])
    #expect(try steps("borealis", "aurora", .quick) == [.inPlace, .change])
  }

  @Test("a finetune in place is conclusive: neither layers nor neurons are searched for")
  func tuned() throws {
    #expect(try steps("aurora-chat", "aurora", .standard) == [.inPlace, .gains, .change])
    #expect(try steps("aurora-chat", "aurora", .standard, .relation) == [.inPlace, .gains])
  }

  @Test("a masked copy is searched for and aligned")
  func masked() throws {
    #expect(try steps("masked", "aurora", .standard) == [.inPlace, .layerOrder, .tables, .neurons, .alignment, .change])
  }

  @Test("strangers are searched for, and there is nothing to align")
  func strangers() throws {
    #expect(try steps("borealis", "aurora", .standard) == [.inPlace, .layerOrder, .tables, .neurons, .heads, .gains, .change])
  }

  @Test("a thorough comparison searches although the comparison in place is conclusive, unless all is equal")
  func thorough() throws {
    let steps = try steps("aurora-chat", "aurora", .thorough)
    #expect(steps.starts(with: [.inPlace, .layerOrder, .tables, .neurons]))
    #expect(try self.steps("aurora", "aurora", .thorough) == [.inPlace, .gains, .change])
  }
}
