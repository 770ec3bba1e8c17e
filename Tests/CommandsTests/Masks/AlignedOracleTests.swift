import Foundation
import TestKit
import Testing

@testable import Commands

/// Against numpy, which made the copy and knows its masks (testdata/oracle/aligned.py).
@Suite("Aligned cosines") struct AlignedOracleTests {
  private var oracle: [String: Any] {
    let data = FileManager.default.contents(atPath: Run.testdata + "oracle/aligned.json") ?? Data()
    return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
  }
  /// What the estimate of a basis from noisy rows may cost, or gain by fitting their noise: noise² · width / rows that it is fitted to =
  /// 0.01 · 64 / 1056 = 0.0006.
  private static let tolerance = 0.001

  @Test("tensor by tensor they are what the masks hid, without knowing them")
  func tensors() throws {
    let run = Run("compare", Run.testdata + "masked", Run.testdata + "aurora", "--format", "json")
    let found = try #require(run.json["tensors"] as? [[String: Any]])
    let wanted = try #require(oracle["tensors"] as? [[String: Any]])
    #expect(wanted.count == 16)
    for tensor in wanted {
      let name = try #require(tensor["name"] as? String)
      let twin = try #require(found.first { $0["candidate"] as? String == name })
      let (a, b) = (twin["aligned_cosine"] as? Double ?? 0, tensor["aligned_cosine"] as? Double ?? 1)
      #expect(abs(a - b) < Self.tolerance, "\(name): \(a), expected \(b)")
    }
    let overall = try #require(run.verdict["aligned_cosine"] as? Double)
    #expect(abs(overall - (oracle["overall"] as? Double ?? 0)) < Self.tolerance)
    #expect(run.relation == "derived")
  }

  @Test("the heatmap is bright where the layers come from, and dark elsewhere")
  func heatmap() throws {
    let run = Run("heatmap", Run.testdata + "masked", Run.testdata + "aurora", "--metric", "aligned", "--format", "json")
    let cells = try #require(run.json["cells"] as? [[Double]])
    #expect(run.json["metric"] as? String == "aligned" && cells.count == 2 && cells.nonEmptyAllSatisfy { $0.count == 4 })
    for (row, origin) in zip(cells, [1, 2]) {
      for (j, cell) in row.enumerated() { #expect(j == origin ? cell > 0.99 : abs(cell) < 0.1) }
    }
    let strangers = Run("heatmap", Run.testdata + "borealis", Run.testdata + "aurora", "--metric", "aligned")
    #expect(strangers.exitCode == 65 && strangers.line?.contains("nothing to align") == true)
  }

  @Test("they are the same bytes with any number of threads")
  func threads() {
    let answers = ["1", "3"].map {
      Run("compare", Run.testdata + "masked", Run.testdata + "aurora", "--format", "json", "--threads", $0).answer
    }
    #expect(answers[0] == answers[1] && !answers[0].isEmpty)
  }
}
