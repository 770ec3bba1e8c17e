import Foundation
import Lineage
import Pictures
import ReportKit
import TestKit
import Testing
import WeightSimilarity

@testable import ReportPages
@testable import Reports

@Suite struct TreeReportTests {
  /// Three models: a plain one, its quantised copy, and kin without a direction; the quantised one has the given name.
  private func tree(_ name: String) throws -> FamilyTree {
    let verdict = try SampleComparison(layers: 4).comparison().verdict
    let models = [name, "m", "n"]
    var traits = models.map { _ in ModelTraits() }
    traits[0].isQuantised = true
    let pairs = [("m", name), ("n", "m"), ("n", name)].map {
      ScanPair(candidate: $0.0, foundation: $0.1, verdict: verdict)
    }
    let findings = ScanFindings(
      models: models.map { .init(id: $0, path: $0, parameters: 10, layers: 1, architecture: nil) }
        + [.init(id: name + "2", path: name, parameters: nil, layers: nil, architecture: nil, error: name + ": broken")],
      pairs: pairs, foundations: models)
    return FamilyTree(
      TreeSkeleton(findings, traits: traits + [ModelTraits()], bases: []) { _, _ in nil }, look: { _, _ in nil })
  }

  private func isCalm(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0 == "\n" || !TerminalText.isUnsafe($0) }
  }

  /// Quotes without a backslash in front. By scalars: a quote with an accent on it is another character.
  private func bareQuotes(_ line: Substring) -> Int {
    var (count, isEscaped) = (0, false)
    for scalar in line.unicodeScalars {
      if scalar == "\"", !isEscaped { count += 1 }
      isEscaped = scalar == "\\" && !isEscaped
    }
    return count
  }

  @Test("no format of a tree lets a name be more than a name", arguments: EscapingTests.hostile)
  func hostile(_ name: String) throws {
    let tree = try tree(name)
    let (nodes, edges) = (tree.nodes.count, tree.edges.count)
    for text in [
      tree.text(palette: Palette(colours: false)), tree.json(), tree.csv(), tree.markdown(), tree.dot(), tree.mermaid(),
      tree.html(),
    ] { #expect(isCalm(text)) }
    #expect(tree.dot().split(separator: "\n").count == 5 + nodes + edges)
    #expect(tree.mermaid().split(separator: "\n").count == 1 + nodes + edges)
    // In each line the two quotes around its label, and no other that is not escaped.
    for line in tree.dot().split(separator: "\n") where line.contains("[label=") { #expect(bareQuotes(line) == 2) }
    for line in tree.mermaid().split(separator: "\n").dropFirst() {
      #expect(bareQuotes(line) == 2)
      #expect(!line.replacing("<br>", with: "").unicodeScalars.contains { "`{}<".unicodeScalars.contains($0) })
    }
    _ = try ParsedMarkup(tree.html())
    let document = try #require(try JSONSerialization.jsonObject(with: Data(tree.json().utf8)) as? [String: Any])
    let ids = (document["models"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String }
    #expect(ids.contains { $0.utf8.elementsEqual(name.utf8) })
  }

  @Test("an edge without a direction is a line in every format")
  func undirected() throws {
    let tree = try tree("q")
    let open = tree.edges.filter { !$0.isDirected }
    #expect(!open.isEmpty)
    #expect(tree.text(palette: Palette(colours: false)).contains("── "))
    #expect(tree.dot().components(separatedBy: "dir=none").count - 1 == open.count)
    #expect(tree.mermaid().components(separatedBy: " ---|").count - 1 == open.count)
    #expect(tree.json().components(separatedBy: "\"direction\": null").count - 1 == open.count)
    #expect(tree.html().contains("descent open"))
  }

  @Test("the text says what its lines and its last column mean, and DOT has the confidence on its edges")
  func legend() throws {
    let tree = try tree("q")
    let words = tree.text(palette: Palette(colours: false)).split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("──: they are related, and the weights do not tell which came first. The confidence of a line is"))
    let labels = tree.dot().split(separator: "\n").filter { $0.contains(" -> ") }
    #expect(labels.count == tree.edges.count && labels.nonEmptyAllSatisfy { $0.contains("\\n") && $0.contains(" %\"") })
  }

  @Test("the drawn tree has a row for every model of a family, each below its parent")
  func picture() throws {
    let tree = try tree("q")
    let picture = TreePicture(tree, root: tree.families[0])
    #expect(picture.isWhole)
    let svg = try ParsedMarkup(picture.svg(id: "t").source)
    #expect(svg.elements.count { $0.name == "circle" } == tree.nodes.count)
    #expect(svg.elements.count { $0.attributes["class"]?.hasPrefix("descent") == true } == tree.edges.count)
  }
}
