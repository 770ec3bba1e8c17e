import Checkpoints
import Foundation
import Lineage
import ModelAnatomy
import Pictures
import ReportKit
import Reports
import TensorFiles
import TestKit
import Testing
import TextFormats
import Threads
import WeightSimilarity

@testable import ReportPages

@Suite struct PageTests {
  /// The document that a page carries.
  private func data(_ page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(page[start.upperBound...].range(of: "</script>"))
    let text = page[start.upperBound..<end.lowerBound]
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("a page is well-formed and fetches nothing")
  func whole() throws {
    let page = try SampleComparison().comparison().html()
    let document = try ParsedMarkup(page)
    #expect(document.count("h1") == 1 && document.count("main") == 1 && document.count("meta") == 5)
    let links = page.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!links.contains("http") || links.components(separatedBy: "http").count == 2, "one: http-equiv")
    #expect(!page.contains(" src=") && !page.contains("@import") && document.count("link") == 0)
    #expect(document.attributes("meta", "content").contains { $0.hasPrefix("default-src 'none';") })
    let ids = document.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
  }

  @Test("the verdict comes first, then its figures, the models, the evidence and the layers")
  func order() throws {
    let page = try SampleComparison().comparison().html()
    let marks = [
      "<p class=\"verdict kin\">derived</p>", "The weights of the two models have a common origin",
      "<dt>coverage</dt><dd>100 %</dd>",
      "<h2>The two models</h2>", "<h2>Evidence</h2>", "<h2>Layer by layer</h2>", "<h2>Which parts changed</h2>",
      "<h2>What was not tested</h2>", "<h2>Method</h2>", "<h2>Thresholds</h2>", "<h2>Layers</h2>", "<h2>Tensors</h2>",
    ]
    let places = marks.map { page.range(of: $0)?.lowerBound }
    #expect(!places.contains(nil) && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
  }

  @Test("every picture has a title and a description, every table a caption and heads with a scope")
  func accessible() throws {
    let document = try ParsedMarkup(try SampleComparison().comparison().html())
    let pictures = document.elements.filter { $0.name == "svg" }
    let ids = Set(document.elements.compactMap { $0.attributes["id"] })
    #expect(pictures.count >= 4)
    for picture in pictures {
      let labels = (picture.attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
      #expect(picture.attributes["role"] == "img" && labels.count == 2 && labels.nonEmptyAllSatisfy(ids.contains))
    }
    #expect(document.count("caption") == document.count("table"))
    #expect(document.elements.filter { $0.name == "th" }.nonEmptyAllSatisfy { $0.attributes["scope"] != nil })
  }

  @Test("a hostile name stays a name: in text, attributes, pictures and data")
  func hostile() throws {
    let names = ["</script><script>alert(1)</script>", "\"onload=\"x", "<!--", "a\u{202E}b", "'&amp;", "]]>\u{FFFF}"]
    var sample = SampleComparison(extra: names)
    let calm = try ParsedMarkup(try sample.comparison().html())
    sample.prefix = "</title><img src=x onerror=alert(1)>."
    let page = try sample.comparison().html()
    let document = try ParsedMarkup(page)
    #expect(document.count("img") == 0 && document.elements.count == calm.elements.count)
    #expect(
      page.components(separatedBy: "</script>").count
        == (try SampleComparison().comparison().html()).components(separatedBy: "</script>").count)
    let all = try data(page)
    let unmatched = try #require((all["unmatched"] as? [String: [String]])?["candidate"])
    #expect(unmatched.contains(names[0]) && unmatched.contains("<!--"), "and reads back from the data as it was")
    #expect(document.texts.contains(names[0]) && document.texts.contains("a\\u{202e}b"))
  }

  @Test("a verdict without evidence, layers or tensors is a page too")
  func empty() throws {
    let page = try SampleComparison(layers: 0, extra: ["a"]).comparison().html()
    let document = try ParsedMarkup(page)
    #expect(page.contains("<p class=\"verdict open\">insufficient</p>") && page.contains("No test was possible"))
    #expect(!page.contains("Layer by layer") && document.count("svg") == 0)
    #expect(page.contains("1 tensor of the candidate without a counterpart"))
  }

  @Test("a page's data are the JSON document")
  func carried() throws {
    let comparison = try SampleComparison().comparison()
    let document = try #require(try JSONSerialization.jsonObject(with: Data(comparison.json().utf8)) as? [String: Any])
    #expect(NSDictionary(dictionary: try data(comparison.html())) == NSDictionary(dictionary: document))
  }

  @Test("beyond five thousand tensors a page leaves rows and data out, and says so")
  func large() throws {
    let comparison = try SampleComparison(layers: 1, extra: (0..<5200).map { "surplus_\($0)" }).comparison()
    let page = comparison.html()
    #expect(page.contains("5,200 tensors of the candidate without a counterpart") && page.contains("… and 200 more"))
    #expect(!page.contains("surplus_5199") || page.contains("id=\"data\""))
    var table = ColumnTable([.words("a"), .numbers("b")])
    for i in 0..<12 { table.append(["row \(i)", String(i)]) }
    let html = table.html(caption: "rows", most: 10, rest: "--format csv").source
    #expect(html.contains("rows: the first 10, 2 more in --format csv") && !html.contains("row 10") && html.contains("row 9"))
  }

  @Test("an inspection's page has the facts, the tensors with their statistics, and the metadata")
  func inspection() throws {
    let anatomy = try SampleComparison(layers: 1).anatomies().candidate
    let page = Inspection(
      model: .init(of: anatomy), statistics: TensorStatistics.all(of: anatomy.checkpoint, workers: Workers(threads: 1))
    ).html()
    let document = try ParsedMarkup(page)
    #expect(
      document.count("table") == 2 && document.texts.contains("kurtosis")
        && document.texts.contains("model.layers.0.mlp.up_proj.weight"))
    #expect(try data(page)["schema"] as? String == "unmask.inspect/1")
  }

  @Test("markup escapes what has a meaning, and writes out what cannot be seen")
  func escaping() {
    let made = Markup.element("p", ["title": "a\"b<c>'&"], [.words("<b>&\"'\u{7}\u{2028}")]).source
    #expect(made == "<p title=\"a&quot;b&lt;c&gt;&#39;&amp;\">&lt;b&gt;&amp;&quot;&#39;\\u{7}\\u{2028}</p>")
    #expect(Markup.empty("rect", ["x": "1"]).source == "<rect x=\"1\"/>")
    #expect(
      Markup.data(.string("</script>"), "id", "d").source
        == "<script type=\"application/json\" id=\"d\">\"\\u003c/script>\"\n</script>")
  }
}
