import Pictures
import TestKit
import Testing
import Unmask

@testable import Commands

/// The texts of progress lines.
@Suite struct ProgressTests {
  @Test("a progress line says bytes, rate and time left")
  func bytes() {
    let line = ProgressText.line(of: "comparing", done: 1_200_000_000, total: 4_400_000_000, seconds: 4)
    #expect(line == "comparing  1.20 GB of 4.40 GB  27 %  300 MB/s  11 s left")
  }

  @Test("a progress line leaves out what does not fit, and tells no time left in the first seconds")
  func pairs() {
    let line = { (seconds: Double, width: Int) in
      ProgressText.line(of: "34 models, 561 pairs", pairs: 131, total: 442, seconds: seconds, width: width)
    }
    #expect(line(119, .max) == "34 models, 561 pairs  131 of 442 pairs  30 %  1.1 pairs/s  4 min 43 s left")
    #expect(line(119, 70) == "34 models, 561 pairs  131 of 442 pairs  30 %  4 min 43 s left")
    #expect(line(119, 50) == "34 models, 561 pairs  30 %  4 min 43 s left")
    #expect(line(119, 30) == "34 models, 561 pairs  30 %")
    #expect(line(119, 16) == "34 m…pairs  30 %")
    #expect(line(2.9, .max) == "34 models, 561 pairs  131 of 442 pairs  30 %  45.2 pairs/s")
    #expect(ProgressText.line(of: "searching", done: 0, total: 0, seconds: 75) == "searching  1 min 15 s")
    for width in 10...120 { #expect(TerminalText.columns(of: line(119, width)) <= width) }
  }

  @Test("every phase has words, with the part that it is on")
  func phases() {
    let phases: [RunProgress.Phase] =
      ComparisonStep.allCases.map { .step($0) } + [.comparing, .layerProducts, .statistics, .contentHash, .sketching, .searching]
    let words = phases.map { $0.words(part: nil, models: "2 models, 1 pair") }
    #expect(Set(words).count == phases.count && words.nonEmptyAllSatisfy { !$0.isEmpty && !$0.contains("  ") })
    #expect(RunProgress.Phase.step(.inPlace).words(part: "vision_tower", models: "") == "comparing vision tower as stored")
    #expect(RunProgress.Phase.contentHash.words(part: "a\u{1B}[2J", models: "") == "hashing a\\u{1b}[2J")
  }
}
