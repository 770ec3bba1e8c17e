import TestKit
import Testing

@testable import Pictures

@Suite struct HeatmapPictureTests {
  /// A square map with ones on its diagonal and, next to it, what `beside` gives.
  private func map(_ count: Int, names: (Int) -> String = { String($0) }, beside: Double? = nil) -> Heatmap {
    let value = { (row: Int, column: Int) -> Double? in
      if abs(row - column) == 1 { return beside }
      return row == column ? 1 : Double(row * column % 7) / 10
    }
    let cells = (0..<count).map { row in (0..<count).map { value(row, $0) } }
    let labels = (0..<count).map(names)
    return Heatmap(
      rows: labels, columns: labels, cells: cells, title: "Cosine of layers", notes: ["rows: layers of a"], measure: "cosine")
  }

  private static let names: @Sendable (Int) -> String = { "models--organisation/some-model-\($0)-instruct" }

  /// The box of a line of text, with capitals of three quarters of its size and letters of 0.58 em.
  private func box(_ words: HeatmapLayout.Words) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    let length = Double(TerminalText.columns(of: words.text)) * words.size * 0.58
    let start = -words.anchor.share * length
    let (along, across) = (start...start + length, -0.75 * words.size...0)
    if words.isTurned {
      return (words.x + across.lowerBound...words.x, words.y - along.upperBound...words.y - along.lowerBound)
    }
    return (words.x + along.lowerBound...words.x + along.upperBound, words.y + across.lowerBound...words.y)
  }

  @Test(
    "labels stand in the picture and on no other, from one row to hundreds", arguments: [1, 2, 4, 9, 22, 48, 80, 126, 200, 700],
    [false, true])
  func labels(count: Int, areNames: Bool) {
    let layout = HeatmapLayout(map(count, names: areNames ? Self.names : { String($0) }))
    let boxes = layout.words.map(box)
    for (i, one) in boxes.enumerated() {
      #expect(one.x.lowerBound >= 0 && one.x.upperBound <= Double(layout.size.width), "\(layout.words[i])")
      #expect(one.y.lowerBound >= 0 && one.y.upperBound <= Double(layout.size.height), "\(layout.words[i])")
      for other in boxes[..<i] where one.x.overlaps(other.x) {
        #expect(!one.y.overlaps(other.y), "\(layout.words[i])")
      }
    }
    #expect(layout.origin.y + count * layout.cell < layout.legend.y)
    #expect(max(layout.size.width, layout.size.height) <= 1800)
  }

  @Test("every label is written where there is room, every second, fifth, tenth … where there is not")
  func thinned() {
    #expect(HeatmapLayout(map(22)).words.count { $0.anchor == .end && $0.size == 12 } == 22)
    let rows = HeatmapLayout(map(200)).words.filter { $0.anchor == .end && $0.size == 12 }.map(\.text)
    #expect(rows == stride(from: 0, to: 200, by: 5).map { String($0) })
    #expect([1.0, 12, 13, 30, 61, 121, 250].map { HeatmapLayout.step(room: $0, cell: 12) } == [1, 1, 2, 5, 10, 20, 50])
  }

  @Test("a PNG has each cell in the colour of its value, and stripes where it is undefined")
  func png() throws {
    let map = self.map(30, beside: -0.4)
    let layout = HeatmapLayout(map)
    let png = try DecodedPNG(map.png())
    #expect(png.width == 2 * layout.size.width && png.height == 2 * layout.size.height)
    for (row, column) in [(0, 0), (3, 3), (2, 9), (29, 12)] {
      let corner = layout.corner(row: row, column: column)
      let expected = HeatScale.paper.colour(level: HeatScale.level(map.cells[row][column] ?? 0))
      #expect(png[2 * corner.x + 2, 2 * corner.y + 2] == expected, "\(row), \(column)")
    }
    // A bar on the negative, for whoever sees greys alone.
    let corner = layout.corner(row: 5, column: 6)
    let middle = (x: 2 * corner.x + layout.cell - 1, y: 2 * corner.y + layout.cell - 1)
    #expect(png[middle.x, middle.y] != png[middle.x, middle.y - 6])
    let undefined = try DecodedPNG(self.map(30).png())
    let stripes = Set((0..<12).map { undefined[2 * corner.x + 2 + $0, 2 * corner.y + 4] })
    #expect(stripes == [.white, Colour(grey: 100)])
  }

  @Test("the PNG of a whole screen of cells stays small", arguments: [4, 22, 120])
  func size(count: Int) {
    let png = map(count, beside: 0.3).png()
    #expect(png.count < 400_000, "\(png.count)")
  }

  @Test("an SVG is well-formed XML, says what it shows, and names every cell")
  func svg() throws {
    let map = self.map(3, names: { "<layer> & \"\($0)\"" })
    let document = try ParsedMarkup(map.svg())
    #expect(document.count("rect") > 9 && document.count("title") == 10 && document.count("desc") == 1)
    #expect(document.texts.contains("<layer> & \"1\" · <layer> & \"1\": 1.0000"))
    #expect(document.texts.contains("<layer> & \"0\" · <layer> & \"1\": undefined"))
    #expect(document.texts.contains { $0.contains("cosine from 0.00 to 1.00, 4 undefined") })
    #expect(document.attributes("rect", "fill").count { $0 == "url(#map-hatch)" } == 5, "four cells and the legend's sample")
  }

  @Test("only what is clearly below zero gives the legend a second half")
  func legend() {
    #expect(HeatmapLayout(map(4, beside: -0.03)).levels == 0...100 && HeatmapLayout(map(4, beside: -0.3)).levels == -100...100)
    #expect(HeatmapLayout(map(4, beside: 0.2)).undefined == nil && HeatmapLayout(map(4)).undefined != nil)
  }

  @Test("more models than a picture has points: each point is the strongest of its cells, and a note says so")
  func reduced() throws {
    let count = 500
    var cells = [[Double?]](repeating: [Double?](repeating: 0, count: count), count: count)
    cells[4][499] = -0.9
    cells[5][499] = 0.8
    for column in 0..<3 { for row in 0..<3 { cells[row][column] = nil } }
    let names = (0..<count).map { "m\($0)" }
    let map = Heatmap(rows: names, columns: names, cells: cells)
    let small = map.reduced(to: 200)
    #expect(small.rows.count == 167 && small.rows[1] == "m3" && small.cells[1][166] == -0.9 && small.cells[0][0] == nil)
    #expect(small.notes.last == "each point shows the strongest of 3 × 3 cells; the CSV contains all cells")
    #expect(map.reduced(to: 500).rows.count == 500 && map.reduced().rows.count == 500)
  }

  @Test("very many cells are kept as the pixels of one picture within the SVG")
  func image() throws {
    let svg = map(200, beside: 0.1).svg()
    let document = try ParsedMarkup(svg)
    #expect(document.count("image") == 1 && svg.utf8.count < 200_000)
    let link = try #require(document.attributes("image", "href").first)
    #expect(link.hasPrefix("data:image/png;base64,"))
  }

  @Test("an empty matrix and one without a figure are pictures too")
  func empty() throws {
    for map in [Heatmap(rows: [], columns: [], cells: []), Heatmap(rows: ["a"], columns: ["b"], cells: [[nil]])] {
      #expect(try DecodedPNG(map.png()).width > 100 && ParsedMarkup(map.svg()).count("svg") == 1)
      #expect(!map.drawing(palette: Palette(colours: false), width: 80).isEmpty)
    }
  }

  @Test("figures of another range have the last colour at their largest, and decimals that tell them apart")
  func ceiling() throws {
    let map = Heatmap(rows: ["a"], columns: ["0", "1"], cells: [[0.04, 0.02]], ceiling: 0.04)
    #expect(map.level(0.04) == 100 && map.level(0.02) == 50)
    let texts = try ParsedMarkup(map.svg()).texts
    #expect(texts.contains("0.0400") && texts.contains("0.0200"))
  }
}
