import TestKit
import Testing

@testable import Pictures

@Suite struct PlotTests {
  private func plot(_ values: [Double?], floor: Double = 0, ceiling: Double = 1) -> LinePlot {
    LinePlot(
      title: "Cosine of each layer", labels: values.indices.map { String($0) }, axis: "layer",
      series: [.init(name: "cosine", values: values)], floor: floor, ceiling: ceiling)
  }

  @Test(
    "an axis is marked in steps of 1, 2 or 5, three to seven times, and holds every value",
    arguments: [[0.9, 0.99], [-0.2, 1], [0, 0.0731], [0.00012, 0.0004], [0, 1.414], [0.5, 80], [0, 12_345]])
  func ticks(values: [Double]) {
    let (ticks, decimals) = plot(values, ceiling: 0).ticks
    #expect((3...7).contains(ticks.count) && ticks[0] <= (values.min() ?? 0) && ticks[ticks.count - 1] >= (values.max() ?? 0))
    let texts = ticks.map { Figures.fixed($0, decimals) }
    #expect(Set(texts).count == texts.count && zip(texts, ticks).allSatisfy { abs((Double($0) ?? .nan) - $1) < 1e-9 }, "\(texts)")
  }

  @Test("where a figure is undefined the line has a gap and no dot")
  func gap() throws {
    let drawn = try ParsedMarkup(plot([1, 0.5, nil, 0.5, .nan, 1]).svg(id: "p").source)
    let path = try #require(drawn.elements.first { $0.attributes["class"] == "line1" }?.attributes["d"])
    #expect(path.count { $0 == "M" } == 3 && path.count { $0 == "L" } == 1)
    #expect(drawn.count("circle") == 4 + 1, "four values and the legend")
    #expect(drawn.texts.contains("layer 3: cosine 0.5000"))
  }

  @Test("no layer, one layer and a constant are drawn", arguments: [[], [1], [0, 0, 0], [nil]] as [[Double?]])
  func few(values: [Double?]) throws {
    let source = plot(values, ceiling: 0).svg(id: "p").source
    #expect(try ParsedMarkup(source).count("svg") == 1 && !source.contains("nan") && !source.contains("inf"))
  }

  @Test("a hundred layers have labels that do not touch")
  func manyLabels() throws {
    let drawn = try ParsedMarkup(plot([Double?](repeating: 0.5, count: 126)).svg(id: "p").source)
    #expect(drawn.texts.contains("10") && !drawn.texts.contains("11"))
  }

  private func evidence(_ value: Double, _ mean: Double, _ sd: Double) -> EvidenceStrip {
    EvidenceStrip(test: "rows <in> place", value: value, nullMean: mean, nullSD: sd, draws: 124, log10P: -129)
  }

  @Test("evidence is a mark beside the band of its null, both within the picture", arguments: [0.9, 0.001, -0.5])
  func strip(value: Double) throws {
    let drawn = try ParsedMarkup(try #require(evidence(value, 0.002, 0.007).svg(id: "e")).source)
    #expect(
      drawn.texts.contains("null 0.0020 ± 0.0070, 124 draws")
        && drawn.texts.contains("rows <in> place: \(Figures.fixed(value, 4))"))
    let bands = drawn.elements.filter { $0.name == "rect" }.compactMap { Double($0.attributes["x"] ?? "") }
    let path = try #require(drawn.elements.first { $0.attributes["class"] == "dot1" }?.attributes["d"])
    let mark = try #require(Double(path.dropFirst().split(separator: " ")[0]))
    #expect(bands.count == 2 && (bands + [mark]).allSatisfy { (0...720).contains($0) })
    #expect((mark > bands[1]) == (value > -0.005))
  }

  @Test("a null of no width is a line, and figures that are no numbers are no picture")
  func odd() throws {
    #expect(try #require(evidence(1, 0, 0).svg(id: "e")).source.contains("width=\"1.5\""))
    #expect(try #require(evidence(0, 0, 0).svg(id: "e")).source.contains("rect"))
    #expect(evidence(.nan, 0, 0).svg(id: "e") == nil && evidence(1, 0, .infinity).svg(id: "e") == nil)
  }
}
