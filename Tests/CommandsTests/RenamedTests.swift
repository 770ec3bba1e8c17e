import TestKit
import Testing

@testable import Commands

@Suite("models of unknown names")
struct RenamedTests {
  @Test("nova, renamed and masked, is derived from aurora and independent of borealis")
  func nova() {
    let kin = Run("compare", Run.testdata + "nova", Run.testdata + "aurora", "--format", "json")
    #expect(kin.relation == "derived" && (kin.verdict["log10_p"] as? Double ?? 0) < -100)
    #expect((kin.verdict["rewrites"] as? [String] ?? []).contains { $0.hasPrefix("tensors renamed") })
    let stranger = Run("compare", Run.testdata + "nova", Run.testdata + "borealis", "--format", "json")
    #expect(stranger.relation == "independent")
  }

  @Test("a shuffled list of a fine-tune's tensors is derived, and the answer is the same with any number of threads")
  func shuffled() throws {
    let disguise = try Disguise(of: Run.testdata + "aurora-chat", .shuffled, seed: 31)
    let runs = ["1", "3"].map {
      Run("compare", disguise.path, Run.testdata + "aurora", "--format", "json", "--threads", $0)
    }
    #expect(runs[0].relation == "derived" && runs[0].verdict["coverage"] as? Double == 1)
    #expect(runs[0].answer == runs[1].answer)
  }

  @Test("inspect says how roles were found, and what stayed open")
  func inspect() {
    let run = Run("inspect", Run.testdata + "nova", "--format", "json")
    #expect(run.json["layers"] as? Int == 4 && run.json["attention_heads"] as? Int == 4)
    #expect((run.json["warnings"] as? [String] ?? []).contains { $0.contains("roles were inferred from shapes") })
  }
}
