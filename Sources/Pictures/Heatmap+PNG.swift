extension Heatmap {
  /// The picture as a PNG file. It has twice the resolution of its layout if that stays below 2,400 pixels, so that letters are
  /// smooth.
  ///
  /// The same cells give the same bytes on every machine with the same C library (the colours use its `pow`).
  package func png() -> [UInt8] {
    let drawn = reduced()
    let layout = HeatmapLayout(drawn)
    let scale = max(layout.size.width, layout.size.height) <= 1200 ? 2 : 1
    var raster = Raster(width: layout.size.width * scale, height: layout.size.height * scale)
    let rectangle = { (x: Int, y: Int, width: Int, height: Int) in
      (x: x * scale..<(x + width) * scale, y: y * scale..<(y + height) * scale)
    }
    // A thin light line between cells, if they are large enough to lose a pixel.
    let side = layout.cell - (layout.cell >= 12 ? 1 : 0)
    let colours = (-100...100).map { HeatScale.paper.colour(level: $0) }
    for (row, cells) in drawn.cells.enumerated() {
      for (column, value) in cells.enumerated() {
        let corner = layout.corner(row: row, column: column)
        let area = rectangle(corner.x, corner.y, side, side)
        guard let value, let level = drawn.level(value) else {
          Self.undefined(area, hatching: layout.hatching, scale, in: &raster)
          continue
        }
        raster.fill(x: area.x, y: area.y, colours[level + 100])
        let ink = HeatScale.paper.ink(level: level)
        let middle = (
          x: Double(corner.x * scale) + Double(side * scale) / 2, y: Double(corner.y * scale) + Double(side * scale) / 2
        )
        if layout.hasFigures {
          raster.write(
            Figures.fixed(value, decimals), x: middle.x, y: middle.y + 3.7 * Double(scale), size: 11 * Double(scale),
            anchor: .middle, ink)
        } else if layout.hasBar(level: level) {
          let reach = Double(side * scale) / 4
          raster.stroke(from: (middle.x - reach, middle.y), to: (middle.x + reach, middle.y), width: Double(scale), ink)
        }
      }
    }
    drawn.drawFamilies(layout, scale, in: &raster)
    for (i, level) in layout.levels.enumerated() {
      let x = layout.legend.x + i * layout.legend.width / layout.levels.count
      let next = layout.legend.x + (i + 1) * layout.legend.width / layout.levels.count
      let area = rectangle(x, layout.legend.y, next - x, layout.legend.height)
      raster.fill(x: area.x, y: area.y, colours[level + 100])
    }
    if let place = layout.undefined {
      Self.undefined(rectangle(place.x, place.y, 12, 12), hatching: layout.hatching, scale, in: &raster)
    }
    for words in layout.words {
      raster.write(
        words.text, x: words.x * Double(scale), y: words.y * Double(scale), size: words.size * Double(scale),
        anchor: words.anchor,
        isTurned: words.isTurned, isBold: words.isBold, Colour(grey: 30))
    }
    return raster.png()
  }

  /// Only the cells, one pixel each. An SVG of very many cells shows this.
  func pixels() -> Raster {
    var raster = Raster(width: columns.count, height: rows.count)
    let colours = (-100...100).map { HeatScale.paper.colour(level: $0) }
    for (row, cells) in cells.enumerated() {
      for (column, value) in cells.enumerated() {
        raster.fill(x: column..<column + 1, y: row..<row + 1, level(value).map { colours[$0 + 100] } ?? Self.grey)
      }
    }
    return raster
  }

  private static let grey = Colour(grey: 176)

  private static func undefined(
    _ area: (x: Range<Int>, y: Range<Int>), hatching: Int?, _ scale: Int, in raster: inout Raster
  ) {
    if let hatching {
      raster.hatch(x: area.x, y: area.y, pitch: hatching * scale, Colour(grey: 100))
    } else {
      raster.fill(x: area.x, y: area.y, grey)
    }
  }

  /// The frame, and a dark line at each boundary between families.
  private func drawFamilies(_ layout: HeatmapLayout, _ scale: Int, in raster: inout Raster) {
    let (left, top) = (layout.origin.x * scale, layout.origin.y * scale)
    let (right, bottom) = (left + columns.count * layout.cell * scale, top + rows.count * layout.cell * scale)
    for at in [0, rows.count] + rowBreaks {
      let y = top + at * layout.cell * scale
      raster.fill(x: left - scale..<right, y: y - scale..<y, Colour(grey: rowBreaks.contains(at) ? 30 : 150))
    }
    for at in [0, columns.count] + columnBreaks {
      let x = left + at * layout.cell * scale
      raster.fill(x: x - scale..<x, y: top - scale..<bottom, Colour(grey: columnBreaks.contains(at) ? 30 : 150))
    }
  }
}
