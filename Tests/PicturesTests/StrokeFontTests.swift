import Testing

@testable import Pictures

@Suite struct StrokeFontTests {
  @Test("every printable character of ASCII has a glyph of its own within the lattice")
  func ascii() {
    let characters = (33...126).map { Character(Unicode.Scalar($0)) }
    #expect(characters.allSatisfy { StrokeFont.covers(String($0)) })
    let shapes = characters.map {
      StrokeFont.glyph($0).strokes.map { $0.map { "\($0.x),\($0.y)" }.joined(separator: " ") }.joined(separator: "|")
    }
    #expect(Set(shapes).count == characters.count)
    let points = characters.flatMap { StrokeFont.glyph($0).strokes.joined() }
    #expect(points.allSatisfy { (0...6).contains($0.x) && (0...8).contains($0.y) })
    #expect(characters.allSatisfy { StrokeFont.glyph($0).strokes.allSatisfy { $0.count >= 2 } })
  }

  @Test("reports' own signs are there, and what is not is a box")
  func signs() {
    #expect(StrokeFont.covers("a – b … × ± ·") && !StrokeFont.covers("層"))
    #expect(StrokeFont.glyph("層").strokes.count == 1 && StrokeFont.glyph("層").width == 4)
  }

  @Test("text is as wide as its measure says, from start, middle or end, and upright text rises", arguments: [false, true])
  func place(isTurned: Bool) {
    for (anchor, start) in [(TextAnchor.start, 0.0), (.middle, -0.5), (.end, -1)] {
      var raster = Raster(width: 200, height: 200)
      raster.write("HHH", x: 100, y: 100, size: 20, anchor: anchor, isTurned: isTurned, Colour(grey: 0))
      let dark = (0..<200).flatMap { y in (0..<200).map { (x: $0, y: y) } }.filter { raster[$0.x, $0.y] != .white }
      let length = Raster.width(of: "HHH", size: 20)
      let along = dark.map { isTurned ? 200 - Double($0.y) : Double($0.x) }
      let across = dark.map { isTurned ? Double($0.x) : Double($0.y) }
      #expect(
        abs((along.min() ?? 0) - (100 + start * length)) <= 3 && abs((along.max() ?? 0) - (100 + (start + 1) * length)) <= 3)
      #expect((across.max() ?? 0) <= 102 && abs((across.min() ?? 0) - (100 - 6 * Raster.unit(20))) <= 3)
    }
  }

  @Test("what is drawn over the edge of a picture is left out")
  func edge() {
    var raster = Raster(width: 10, height: 10)
    raster.fill(x: -5..<3, y: 8..<20, Colour(grey: 9))
    raster.stroke(from: (-10, -10), to: (30, 30), width: 2, Colour(grey: 0))
    raster.hatch(x: 8..<40, y: -3..<2, pitch: 5, Colour(grey: 50))
    #expect(raster[0, 9] == Colour(grey: 9) && raster[5, 5] == Colour(grey: 0) && raster[0, 5] == .white)
  }
}
