import Foundation
import Lineage
import ModelAnatomy
import Pictures
import ReportKit
import TestKit
import Testing
import Threads
import WeightSimilarity

@testable import Reports

@Suite struct ComparisonReportTests {
  private let plain = Palette(colours: false)

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("the verdict comes first, its sentence next, then models, figures, evidence and table")
  func order() throws {
    let lines = lines(try SampleComparison().comparison().text(by: .layer, palette: plain))
    #expect(lines[0] == "derived" && lines[1].hasPrefix("The weights of the two models have a common origin"))
    let starts = ["candidate ", "foundation ", "coverage 100 %", "evidence: rows in place ", "layer  from", "    0     0"]
    let places = starts.map { start in lines.firstIndex { $0.hasPrefix(start) } ?? -1 }
    #expect(places == places.sorted() && !places.contains(-1), "\(places)")
    #expect(!lines.contains { $0.hasSuffix(" ") || $0.contains("\u{1B}") })
  }

  @Test("no line is wider than 80 columns, however long or wide the names are", arguments: ComparisonReport.Grouping.allCases)
  func width(by grouping: ComparisonReport.Grouping) throws {
    let names = [String(repeating: "surplus", count: 40), "日本語のテンソルの名前" + String(repeating: "長", count: 60)]
    let prefixes = [
      String(repeating: "wrapper.", count: 30), String(repeating: "とても長い.", count: 20), "\u{1B}[31m\u{202E}evil\n.",
    ]
    var sample = SampleComparison(extra: names)
    for prefix in prefixes {
      sample.prefix = prefix
      let text = try sample.comparison().text(by: grouping, palette: plain)
      #expect(lines(text).nonEmptyAllSatisfy { TerminalText.columns(of: $0) <= 80 }, "\(lines(text).filter { $0.count > 80 })")
      #expect(!text.unicodeScalars.contains { TerminalText.isUnsafe($0) && $0 != "\n" })
    }
  }

  @Test("colours change no character of the text")
  func colours() throws {
    let comparison = try SampleComparison().comparison()
    let coloured = comparison.text(by: .layer, palette: Palette(colours: true))
    #expect(coloured.contains("\u{1B}[1;31mderived\u{1B}[0m"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == comparison.text(by: .layer, palette: plain))
  }

  @Test("five names without a counterpart are listed and the rest counted; JSON and Markdown have all")
  func unmatched() throws {
    let names = (1...7).map { "surplus_\($0)" }
    let comparison = try SampleComparison(extra: names).comparison()
    let text = comparison.text(by: .layer, palette: plain)
    #expect(text.contains("7 tensors of the candidate have no counterpart:\n  surplus_1\n"))
    #expect(text.contains("  … and 2 more (--format json lists all)") && !text.contains("surplus_6"))
    #expect(
      names.nonEmptyAllSatisfy(comparison.markdown(by: .layer).contains) && names.nonEmptyAllSatisfy(comparison.json().contains))
  }

  @Test("CSV has one row a tensor, layer or role, each as wide as its head")
  func csv() throws {
    let comparison = try SampleComparison(layers: 3).comparison()
    for (grouping, rows) in [(ComparisonReport.Grouping.tensor, 3), (.layer, 3), (.role, 1)] {
      let lines = comparison.csv(by: grouping).split(separator: "\n")
      let table = lines.map { $0.split(separator: ",", omittingEmptySubsequences: false) }
      #expect(table.count == rows + 1 && table.nonEmptyAllSatisfy { $0.count == table[0].count })
    }
    let tensor = comparison.csv(by: .tensor).split(separator: "\n")[1].split(separator: ",", omittingEmptySubsequences: false)
    #expect(tensor[4].isEmpty && tensor[5] == "32x32" && tensor[12].isEmpty, "no expert and no aligned cosine: empty, not zero")
  }

  @Test("JSON numbers are written so that they read back as the same double")
  func json() throws {
    let comparison = try SampleComparison().comparison()
    let text = comparison.json()
    let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let tensors = try #require(document["tensors"] as? [[String: Any]])
    #expect(tensors.count == 2 && tensors.nonEmptyAllSatisfy { $0["expert"] is NSNull && $0["aligned_cosine"] is NSNull })
    // Foundation's parser rounds differently on some systems, so the text is looked at.
    for tensor in comparison.similarity.tensors {
      let cosine = try #require(tensor.cosine)
      #expect(text.contains("\"cosine\": \(cosine.description),") && Double(cosine.description) == cosine)
    }
    let log10P = try #require(comparison.verdict.log10P)
    #expect(text.contains("\"log10_p\": \(log10P.description)"))
  }

  @Test("what could not be compared is null in JSON, a dash in text, and no verdict")
  func undefined() throws {
    let other = try SampleComparison(prefix: "other.").anatomies().candidate
    let base = try SampleComparison(layers: 1, prefix: "base.").anatomies().foundation
    let similarity = InPlacePass(Pairing(candidate: other, foundation: base), workers: Workers(threads: 1)).run()
    #expect(similarity.tensors.count == 1, "layer 0 pairs whatever stands in front of it")
    let empty = try SampleComparison(layers: 0, extra: ["a"]).comparison()
    #expect(empty.verdict.relation == .insufficient && empty.json().contains("\"cosine\": null"))
    #expect(empty.text(by: .layer, palette: plain).contains("coverage 0.0 %   cosine –   certainty 0.0000   log10 p –"))
  }

  @Test("a comparison's roles are drawn by layer, each value the mean of its matrices")
  func roles() throws {
    let comparison = try SampleComparison(layers: 3).comparison()
    let text = comparison.drawing(palette: plain, width: 80)
    #expect(text.hasPrefix("\ncosine by role, and by layer from left to right\nup_proj ██████\n"))
    let map = try #require(comparison.roleMap(of: Metric.all[0]))
    #expect(map.cells == [comparison.similarity.tensors.map(\.cosine)])
    #expect(try SampleComparison(layers: 0, extra: ["a"]).comparison().drawing(palette: plain, width: 80).isEmpty)
  }
}
