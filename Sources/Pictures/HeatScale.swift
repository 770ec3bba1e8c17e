/// Similarity as colour: one step for each hundredth, from −1 through 0 to 1.
///
/// ```swift
/// HeatScale.paper.colour(level: HeatScale.level(0.998))   // near-black blue
/// ```
///
/// - Perceptually uniform: every step is the same distance in OKLab, and lightness is linear, so that a picture shows no edge
///   that is not in the figures.
/// - 0 is the colour of the page and 1 is furthest from it. Unrelated layers need no ink and related ones stand out, also in a
///   grey print.
/// - Blue against yellow and brown: people with red-green colour blindness can see this axis. Negative values go in the other
///   direction from the page's colour. They also have a bar if a cell has room, for people who see only greys.
package struct HeatScale: Sendable {
  /// Lightness in OKLab where the value is 0.
  private let zero: Double
  private let positive: Ramp
  private let negative: Ramp

  /// The way from the page's colour to its opposite: the lightness at the end, and the opponent coordinates along the way.
  private struct Ramp {
    var lightness: Double
    var way: [(a: Double, b: Double)]

    /// The point after a share of the way's length.
    func point(at share: Double) -> (a: Double, b: Double) {
      let lengths = zip(way, way.dropFirst()).map { p, q in
        ((q.a - p.a) * (q.a - p.a) + (q.b - p.b) * (q.b - p.b)).squareRoot()
      }
      var left = share * lengths.reduce(0, +)
      for (i, length) in lengths.enumerated() where length > 0 {
        if left <= length || i == lengths.count - 1 {
          let t = min(left / length, 1)
          return (way[i].a + (way[i + 1].a - way[i].a) * t, way[i].b + (way[i + 1].b - way[i].b) * t)
        }
        left -= length
      }
      return way[0]
    }
  }

  /// For white paper and light pages: cream, teal, dark blue; cream, orange, dark brown below zero.
  package static let paper = HeatScale(
    zero: 0.98, positive: Ramp(lightness: 0.27, way: [(-0.005, 0.02), (-0.085, -0.015), (0.02, -0.11)]),
    negative: Ramp(lightness: 0.27, way: [(-0.005, 0.02), (0.09, 0.10), (0.09, 0.035)]))

  /// For dark pages and terminals: slate, teal, yellow; slate, violet, pink below zero.
  package static let dark = HeatScale(
    zero: 0.27, positive: Ramp(lightness: 0.93, way: [(0, -0.02), (-0.055, -0.02), (-0.06, 0.16)]),
    negative: Ramp(lightness: 0.72, way: [(0, -0.02), (0.12, -0.09)]))

  /// The value in hundredths, −100 … 100; values beyond are clamped.
  static func level(_ value: Double) -> Int { Int((min(max(value, -1), 1) * 100).rounded()) }

  /// The colour of a level.
  func colour(level: Int) -> Colour {
    let ramp = level < 0 ? negative : positive
    let share = Double(abs(level)) / 100
    let point = ramp.point(at: share)
    return Colour(lightness: zero + (ramp.lightness - zero) * share, a: point.a, b: point.b)
  }

  /// Black or white: the one with more contrast to the colour of the level.
  func ink(level: Int) -> Colour {
    // Contrast is (lighter + 0.05) / (darker + 0.05). Black and white have equal contrast if the square of `ground` is 1.05 ·
    // 0.05.
    let ground = colour(level: level).luminance + 0.05
    return ground * ground > 1.05 * 0.05 ? Colour(grey: 0) : .white
  }
}
