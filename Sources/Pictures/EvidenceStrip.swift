/// The value of one test beside its null distribution: bands of one and of two standard deviations around the values of
/// unrelated models, and a mark at the value of this pair.
package struct EvidenceStrip {
  /// The name of the test.
  let test: String
  let value: Double
  let nullMean: Double
  let nullSD: Double
  /// The number of draws for the null distribution; 0 if it is exact.
  let draws: Int
  let log10P: Double

  package init(test: String, value: Double, nullMean: Double, nullSD: Double, draws: Int, log10P: Double) {
    (self.test, self.value, self.nullMean, self.nullSD) = (test, value, nullMean, nullSD)
    (self.draws, self.log10P) = (draws, log10P)
  }

  private static let (left, width) = (16.0, 688.0)

  /// The picture; nil if the value or its null distribution is not a number. It takes its colours from the page.
  package func svg(id: String) -> Markup? {
    let (mean, sd) = (nullMean, nullSD)
    guard value.isFinite, mean.isFinite, sd.isFinite else { return nil }
    let low = min(value, mean - 3 * sd)
    let high = max(value, mean + 3 * sd)
    let span = high > low ? high - low : 1
    let x = { (at: Double) in Self.left + Self.width * (0.04 + 0.92 * (at - low) / span) }
    let band = { (deviations: Double, name: String) -> Markup in
      // The band is at least as wide as a line: a narrow null distribution is important information.
      let half = max((x(mean + deviations * sd) - x(mean - deviations * sd)) / 2, 0.75)
      return .empty(
        "rect",
        ["class": name, "x": Figures.fixed(x(mean) - half, 1), "y": "30", "width": Figures.fixed(2 * half, 1), "height": "20"])
    }
    let mark = Figures.fixed(x(value), 1)
    let null = "null \(Figures.fixed(mean, 4)) ± \(Figures.fixed(sd, 4)), \(draws > 0 ? Figures.counted(draws, "draw") : "exact")"
    let title = "\(test): \(Figures.fixed(value, 4))"
    return .element(
      "svg",
      [
        "viewBox": "0 0 720 76", "width": "720", "height": "76", "role": "img", "aria-labelledby": "\(id)-title \(id)-desc",
      ],
      [
        .element("title", ["id": id + "-title"], [.words(title)]),
        .element("desc", ["id": id + "-desc"], [.words("\(null); log10 p \(Figures.fixed(log10P, 1)).")]),
        .empty("path", ["class": "grid", "d": "M16 40h688"]),
        band(2, "null2"), band(1, "null1"),
        .empty("path", ["class": "dot1", "d": "M\(mark) 29l7 11l-7 11l-7 -11z"]),
        Self.words(title, at: x(value), y: 20),
        Self.words(null, at: x(mean), y: 68),
      ])
  }

  /// Text near a position on the axis, kept within the picture.
  private static func words(_ text: String, at x: Double, y: Double) -> Markup {
    let half = Double(TerminalText.columns(of: text)) * 3.5
    return LinePlot.words(text, min(max(x, left + half), left + width - half), y, .middle)
  }
}
