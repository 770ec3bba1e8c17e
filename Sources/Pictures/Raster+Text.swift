extension Raster {
  /// The size of one column of the lattice for a font of `size` pixels. Capitals are two thirds of `size` high.
  static func unit(_ size: Double) -> Double { size * 0.112 }

  /// The width of `text` in pixels at `size`.
  static func width(of text: String, size: Double) -> Double { StrokeFont.width(of: text) * unit(size) }

  /// Writes `text` in a font of `size` pixels. (x, y) is on the baseline, at the beginning, middle or end of the text as
  /// `anchor` says. Turned text reads upwards.
  mutating func write(
    _ text: String, x: Double, y: Double, size: Double, anchor: TextAnchor, isTurned: Bool = false, isBold: Bool = false,
    _ colour: Colour
  ) {
    let unit = Self.unit(size)
    var along = -anchor.share * Self.width(of: text, size: size)
    let place = { (point: StrokeFont.Point, along: Double) -> (x: Double, y: Double) in
      let (right, up) = (along + point.x * unit, (StrokeFont.capHeight - point.y) * unit)
      return isTurned ? (x - up, y - right) : (x + right, y - up)
    }
    for character in text {
      let glyph = StrokeFont.glyph(character)
      for stroke in glyph.strokes {
        for (p, q) in zip(stroke, stroke.dropFirst()) {
          self.stroke(from: place(p, along), to: place(q, along), width: size * (isBold ? 0.15 : 0.1), colour)
        }
      }
      along += (glyph.width + StrokeFont.gap) * unit
    }
  }
}

/// The part of a text that is at the given position.
enum TextAnchor: String {
  case start, middle, end

  /// The share of the text that is before its position.
  var share: Double {
    switch self {
    case .start: 0
    case .middle: 0.5
    case .end: 1
    }
  }
}
